import { reactive } from 'vue'
import type { IngestionStage } from '@/gql/graphql'

/** What the server answers when asked for a place to put a file. */
export type UploadGrant =
  | { url: string; method: string; headers: { name: string; value: string }[]; documentId: string }
  | { refusal: { code: string; message: string } }

export interface UploadItem {
  key: string
  file: File
  state: 'waiting' | 'sending' | 'sent' | 'known' | 'refused' | 'stopped'
  /** Fraction of the bytes that have left, 0 to 1. */
  progress: number
  documentId?: string
  refusal?: { code: string; message: string }
  /** How far the server has come with reading it. */
  reading?: Reading
}

export interface Reading {
  stage: IngestionStage
  progress: number
  degraded: IngestionStage[]
  error: { code: string; message: string } | null
}

export interface SendOptions {
  onProgress: (fraction: number) => void
  signal: AbortSignal
}

export interface UploadsOptions {
  ask: (file: File) => Promise<UploadGrant>
  /** Sends the bytes; gives the id of the document that holds them; throws a refusal-like object when that failed. */
  send: (
    grant: Exclude<UploadGrant, { refusal: unknown }>,
    file: File,
    options: SendOptions,
  ) => Promise<{ documentId: string }>
  newKey: () => string
  atOnce: number
}

/**
 * A queue of files on their way. At most `atOnce` travel together; each one ends `sent`, `known` (another document already holds
 * the same bytes), `refused` with a reason, or `stopped` by the person.
 */
export function createUploads({ ask, send, newKey, atOnce }: UploadsOptions) {
  const items = reactive<UploadItem[]>([])
  const aborts = new Map<string, AbortController>()

  function add(files: Iterable<File>): void {
    for (const file of files) items.push({ key: newKey(), file, state: 'waiting', progress: 0 })
    pump()
  }

  function pump(): void {
    const free = atOnce - items.filter(({ state }) => state === 'sending').length
    const next = items.filter(({ state }) => state === 'waiting').slice(0, Math.max(0, free))
    for (const item of next) void start(item)
  }

  async function start(item: UploadItem): Promise<void> {
    const abort = new AbortController()
    aborts.set(item.key, abort)
    Object.assign(item, { state: 'sending', progress: 0, refusal: undefined })
    try {
      await travel(item, abort.signal)
    } catch (error) {
      if (!abort.signal.aborted) Object.assign(item, { state: 'refused', refusal: toRefusal(error) })
    } finally {
      aborts.delete(item.key)
      pump()
    }
  }

  async function travel(item: UploadItem, signal: AbortSignal): Promise<void> {
    const grant = await ask(item.file)
    if (signal.aborted) return
    if ('refusal' in grant) {
      Object.assign(item, { state: 'refused', refusal: grant.refusal })
      return
    }
    const { documentId } = await send(grant, item.file, {
      signal,
      onProgress: (fraction) => (item.progress = fraction),
    })
    Object.assign(item, { state: documentId === grant.documentId ? 'sent' : 'known', progress: 1, documentId })
  }

  function stop(key: string): void {
    const item = items.find((candidate) => candidate.key === key)
    if (!item || (item.state !== 'waiting' && item.state !== 'sending')) return
    item.state = 'stopped'
    aborts.get(key)?.abort()
    pump()
  }

  function retry(key: string): void {
    const item = items.find((candidate) => candidate.key === key)
    if (!item || (item.state !== 'refused' && item.state !== 'stopped')) return
    item.state = 'waiting'
    pump()
  }

  function follow(documentId: string, reading: Reading): void {
    for (const item of items) if (item.documentId === documentId) item.reading = reading
  }

  function clear(): void {
    const travelling = items.filter(({ state }) => state === 'waiting' || state === 'sending')
    items.splice(0, items.length, ...travelling)
  }

  return { items, add, stop, retry, follow, clear }
}

function toRefusal(error: unknown): { code: string; message: string } {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return {
    code: typeof code === 'string' ? code : 'OUTAGE',
    message: typeof message === 'string' ? message : String(error),
  }
}
