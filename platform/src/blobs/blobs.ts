import type { Readable } from 'node:stream'

/**
 * Files by content, one name space per organisation. A blob is written whole or not at all: bytes stream into a temporary place, are hashed and
 * counted on the way, and move into place only when complete; the same bytes twice are one blob. An engine that is down or full throws
 * EngineUnavailable('blobs'); an organisation id or hash that is not one throws InvalidInput before anything is touched.
 */
export interface Blobs {
  /** Streams the bytes in. More than `maxBytes` throws BlobTooLarge; that, and a stream that fails or is cut short, keeps nothing. */
  put(organizationId: string, bytes: Readable, options: PutOptions): Promise<StoredBlob>
  /**
   * null when there is none. `range` is inclusive, as in HTTP; an `end` beyond the last byte is the last byte, a range that holds no byte
   * throws InvalidInput. `size` is always the whole blob's. The caller reads the stream to its end or destroys it.
   */
  open(
    organizationId: string,
    hash: string,
    range?: { start: number; end?: number },
  ): Promise<{ stream: Readable; size: number } | null>
  /** Runs `work` with the path of a local file that holds the bytes (the blob itself, or a copy that is removed afterwards). NotFound when there is none. */
  withFile<T>(organizationId: string, hash: string, work: (path: string) => Promise<T>): Promise<T>
  /** No error when there is none. */
  remove(organizationId: string, hash: string): Promise<void>
  /**
   * Leaves a name without bytes beside an organisation's blobs, for good: what has to be found again when no row tells of it any more. 200 letters, digits, dots,
   * dashes and underlines at most; the same name twice is one.
   */
  mark(organizationId: string, name: string): Promise<void>
  /** The names that were left, in their order. */
  marks(organizationId: string): Promise<string[]>
  /** The organisations that have any. */
  marked(): Promise<string[]>
  health(): Promise<void>
  close(): Promise<void>
}

export interface PutOptions {
  maxBytes: number
  /**
   * Told once all bytes have come and before the blob is there, and waited for; when it fails nothing is kept. Who claims blobs by rows writes
   * down here which one is coming, so that one that a kill keeps from being claimed is still known.
   */
  foresee?: (blob: StoredBlob) => Promise<void>
}

export interface StoredBlob {
  /** SHA-256, hex. */
  hash: string
  size: number
}

export class BlobTooLarge extends Error {
  readonly maxBytes: number
  constructor(maxBytes: number) {
    super(`The file is larger than ${maxBytes} bytes.`)
    this.name = 'BlobTooLarge'
    this.maxBytes = maxBytes
  }
}
