import { QdrantClient } from '@qdrant/js-client-rest'
import { EngineUnavailable, Refusal } from '../../schema/refusals.ts'

export interface QdrantTarget {
  /** http:// or https://, with a path when Qdrant is behind one; the port is 6333 when http:// names none. */
  url: string
  apiKey?: string | undefined
}

export interface QdrantCalls {
  /** Runs one call, once more when the connection was lost: every call of ours can be repeated. Throws EngineUnavailable when Qdrant does not answer. */
  <T>(work: (client: QdrantClient) => Promise<T>): Promise<T>
  /** The same for what changes nothing: somebody waits for it, so one that says nothing is given up sooner. */
  read<T>(work: (client: QdrantClient) => Promise<T>): Promise<T>
  close(): void
}

/** How long one call waits, in milliseconds. */
const readMs = 10_000
const writeMs = 30_000

/** The way to a Qdrant; `patience` takes the place of both usual ones. Nothing is asked of it before the first call. */
export function connectQdrant(target: QdrantTarget, patience?: number): QdrantCalls {
  const reading = createClient(target, patience ?? readMs)
  const writing = createClient(target, patience ?? writeMs)
  let closed = false
  const attempt = async <T>(work: () => Promise<T>, again = true): Promise<T> => {
    if (closed) throw new EngineUnavailable('vectors')
    try {
      return await work()
    } catch (error) {
      if (again && isLostConnection(error)) return attempt(work, false)
      throw isOutage(error) ? new EngineUnavailable('vectors', error) : error
    }
  }
  return Object.assign(<T>(work: (client: QdrantClient) => Promise<T>) => attempt(() => work(writing)), {
    read: <T>(work: (client: QdrantClient) => Promise<T>) => attempt(() => work(reading)),
    close: () => void (closed = true),
  })
}

function createClient(target: QdrantTarget, timeout: number): QdrantClient {
  const { protocol, hostname, port, pathname } = addressOf(target)
  return new QdrantClient({
    host: hostname,
    port: Number(port) || 443,
    https: protocol === 'https:',
    prefix: pathname.slice(0, -1),
    timeout,
    checkCompatibility: false,
    headers: target.apiKey ? { 'api-key': target.apiKey } : {},
  })
}

/** Where the calls of a Qdrant begin, with a slash at the end. */
export function addressOf({ url }: QdrantTarget): URL {
  const address = new URL(url)
  if (address.protocol === 'http:' && !address.port) address.port = '6333'
  if (!address.pathname.endsWith('/')) address.pathname += '/'
  return address
}

/** What Qdrant answered instead of doing it; undefined when the error is none of its answers. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : undefined
}

/** fetch throws a TypeError with the socket's error as its cause. */
function isLostConnection(error: unknown): boolean {
  return error instanceof TypeError && error.cause instanceof Error
}

/** A call that Qdrant finds faulty, and what did not come from it, is a bug; everything else is the engine's. */
function isOutage(error: unknown): boolean {
  if (error instanceof Refusal) return false
  const status = statusOf(error)
  if (status !== undefined) return status >= 500 || [401, 403, 408, 429].includes(status)
  return isLostConnection(error) || (error instanceof Error && error.name.startsWith('QdrantClient'))
}
