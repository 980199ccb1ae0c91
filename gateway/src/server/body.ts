import type { IncomingMessage } from 'node:http'

/** Bytes of a client's GraphQL request. Files do not come this way. */
const MOST_BYTES = 1024 * 1024
/** What is laid aside for a body before it comes: whoever announces a large one has not sent it yet. */
const FIRST_BYTES = 16 * 1024
/** How long a body may take to arrive. */
const ARRIVAL_MILLISECONDS = 30_000

/** Why a body cannot be read, with the HTTP status that says so. */
export class UnreadableBody extends Error {
  readonly status: number
  readonly code: string
  constructor({ status, code, message }: { status: number; code: string; message: string }) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** Reads a JSON body; undefined when there is none. Throws UnreadableBody for what is too large, compressed, or not JSON in UTF-8. */
export async function readJson(request: IncomingMessage, mostBytes = MOST_BYTES): Promise<unknown> {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers
  if (encoding !== 'identity') throw unreadable(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the request without compression.')
  const bytes = await readBytes(request, mostBytes)
  if (bytes.length === 0) return undefined
  if (!/^application\/(graphql\+)?json\s*(;|$)/i.test(type))
    throw unreadable(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the request as application/json.')
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw unreadable(400, 'BAD_REQUEST', 'The body is not JSON in UTF-8.')
  }
}

function readBytes(request: IncomingMessage, mostBytes: number): Promise<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) return Promise.reject(tooLarge(mostBytes))
  return new Promise((resolve, reject) => {
    // A body may come byte by byte, and each piece that is kept by itself weighs hundreds of times what it holds.
    let bytes: Buffer = Buffer.allocUnsafe(FIRST_BYTES)
    let size = 0
    const late = setTimeout(() => {
      request.pause()
      reject(unreadable(408, 'REQUEST_TIMEOUT', 'The body did not arrive in time.'))
    }, ARRIVAL_MILLISECONDS)
    request.on('data', (chunk: Buffer) => {
      if (size + chunk.length > mostBytes) {
        request.pause()
        return reject(tooLarge(mostBytes))
      }
      if (size + chunk.length > bytes.length) bytes = grown(bytes.subarray(0, size), size + chunk.length)
      size += chunk.copy(bytes, size)
    })
    request.once('end', () => resolve(bytes.subarray(0, size)))
    request.once('error', () => reject(unreadable(400, 'BAD_REQUEST', 'The body broke off.')))
    request.once('close', () => clearTimeout(late))
  })
}

/** The same bytes with room for as many as are needed, and for as many again as there were. */
function grown(bytes: Buffer, needed: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.max(needed, bytes.length * 2))
  bytes.copy(larger)
  return larger
}

function tooLarge(mostBytes: number): UnreadableBody {
  return unreadable(413, 'PAYLOAD_TOO_LARGE', `A request has at most ${mostBytes} bytes.`)
}

function unreadable(status: number, code: string, message: string): UnreadableBody {
  return new UnreadableBody({ status, code, message })
}
