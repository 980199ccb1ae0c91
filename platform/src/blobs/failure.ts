import { EngineUnavailable } from '../schema/refusals.ts'

/** What the operating system refuses (disk full, read-only, no right, no more descriptors) is the engine being away. */
export function toFailure(error: unknown): unknown {
  return codeOf(error) === null ? error : new EngineUnavailable('blobs', error)
}

export async function asEngine<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw toFailure(error)
  }
}

/** The code of an error of the operating system; null for any other. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : null
}
