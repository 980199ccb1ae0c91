/**
 * The key that wraps all others. It never lies in the database or in a backup of it: whoever has only those reads nothing that is sealed.
 *
 * Promises: what `wrap` answers opens with the same context only. `unwrap` throws MasterKeyMissing for a key that is not held, and
 * EngineUnavailable('sealing') when a server that holds it does not answer.
 */
export interface MasterKey {
  /** Tells the key that wraps now; it is kept beside what it wrapped, and tells nothing of the key. */
  readonly id: string
  holds(id: string): boolean
  wrap(key: Uint8Array, context: string): Promise<string>
  unwrap(wrapped: { master: string; wrapped: string }, context: string): Promise<Uint8Array>
  health(): Promise<void>
}

/** Keys were wrapped by a master key that is not here: nothing that they closed can be opened. */
export class MasterKeyMissing extends Error {
  readonly ids: readonly string[]
  constructor(ids: readonly string[]) {
    super(`The master key ${ids.join(', ')} is not here, and what it protects cannot be opened without it.`)
    this.name = 'MasterKeyMissing'
    this.ids = ids
  }
}
