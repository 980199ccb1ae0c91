import { reactive } from 'vue'
import type { IngestionStage } from '@/gql/graphql'
import { codeOf, travel, type Roads, type UploadGrant } from './upload-journey'

export interface UploadItem {
  key: string
  file: File
  state: 'waiting' | 'sending' | 'lost' | 'sent' | 'known' | 'refused' | 'stopped'
  /** Fraction of the bytes that have left, 0 to 1. */
  progress: number
  documentId?: string
  refusal?: { code: string; message: string; path?: string[] }
  /** How far the server has come with reading it. */
  reading?: Reading
}

export interface Reading {
  stage: IngestionStage
  progress: number
  degraded: IngestionStage[]
  error: { code: string; message: string } | null
}

export interface UploadsOptions extends Roads {
  /** Gives back the place of a file that will not come. */
  discard: (documentId: string) => Promise<void>
  newKey: () => string
  atOnce: number
}

/**
 * A queue of files on their way. At most `atOnce` travel together, through lost connections (`lost` while one is waited for); each one ends `sent`,
 * `known` (another document already holds the same bytes), `refused` with a reason, or `stopped` by the person.
 */
export function createUploads({ discard, newKey, atOnce, ...roads }: UploadsOptions) {
  const grants = new Map<string, UploadGrant>()
  const items = reactive<UploadItem[]>([])
  const aborts = new Map<string, AbortController>()

  function add(files: Iterable<File>): void {
    for (const file of files) items.push({ key: newKey(), file, state: 'waiting', progress: 0 })
    pump()
  }

  function pump(): void {
    const free = atOnce - items.filter(isTravelling).length
    // One that was stopped and is wanted again begins when it has come to its end: its place goes back first.
    const next = items.filter(({ key, state }) => state === 'waiting' && !aborts.has(key)).slice(0, Math.max(0, free))
    for (const item of next) void start(item)
  }

  async function start(item: UploadItem): Promise<void> {
    const abort = new AbortController()
    const isOurs = () => aborts.get(item.key) === abort
    aborts.set(item.key, abort)
    Object.assign(item, { state: 'sending', progress: 0, refusal: undefined })
    try {
      const { documentId, announcedId } = await travel(roads, {
        file: item.file,
        grant: grants.get(item.key),
        signal: abort.signal,
        onGrant: (grant) => void (grant && isOurs() ? grants.set(item.key, grant) : grants.delete(item.key)),
        onLost: () => Object.assign(item, { state: 'lost', progress: 0 }),
        onProgress: (progress) => Object.assign(item, { state: 'sending', progress }),
      })
      grants.delete(item.key)
      Object.assign(item, { state: documentId === announcedId ? 'sent' : 'known', progress: 1, documentId })
    } catch (error) {
      if (!abort.signal.aborted) Object.assign(item, { state: 'refused', refusal: toRefusal(error) })
    } finally {
      if (isOurs()) {
        aborts.delete(item.key)
        if (abort.signal.aborted) giveBack(item.key)
        pump()
      }
    }
  }

  /** What was announced and will not be sent is taken out of the list of documents. */
  function giveBack(key: string): void {
    const grant = grants.get(key)
    if (grants.delete(key) && grant) void discard(grant.documentId).catch(() => undefined)
  }

  function stop(key: string): void {
    const item = items.find((candidate) => candidate.key === key)
    if (!item || (item.state !== 'waiting' && !isTravelling(item))) return
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
    const left = items.filter((item) => item.state === 'waiting' || isTravelling(item))
    for (const item of items) if (!left.includes(item)) giveBack(item.key)
    items.splice(0, items.length, ...left)
  }

  /** For somebody else's turn: nothing of these files goes any further, and nothing is said to the server of them, not even that they will not come. */
  function forget(): void {
    const leaving = [...aborts.values()]
    items.splice(0)
    grants.clear()
    aborts.clear()
    for (const abort of leaving) abort.abort()
  }

  return { items, add, stop, retry, follow, clear, forget }
}

/** On its way, or waiting for a connection to go on. */
export function isTravelling({ state }: Pick<UploadItem, 'state'>): boolean {
  return state === 'sending' || state === 'lost'
}

function toRefusal(error: unknown): { code: string; message: string; path?: string[] } {
  const { message, path } = error as { message?: unknown; path?: string[] }
  return {
    code: codeOf(error),
    message: typeof message === 'string' ? message : String(error),
    ...(Array.isArray(path) && { path }),
  }
}
