import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { MasterKeyMissing, type MasterKey } from './master-key.ts'

const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16

/** A new master key, as text. */
export function newMasterKey(): string {
  return randomBytes(keyBytes).toString('base64url')
}

/** The keys in a text: one or more of 32 bytes in base64url, a comma or a line end between them; null when that is not what it is. */
export function readMasterKeys(text: string): Uint8Array[] | null {
  const parts = text.split(/[\s,]+/).filter(Boolean)
  const keys = parts.map((part) => Buffer.from(part, 'base64url'))
  const whole = keys.every((key, index) => key.length === keyBytes && /^[\w-]{43}$/.test(parts[index] ?? ''))
  return keys.length > 0 && whole ? keys : null
}

/**
 * A master key that this process holds itself. The first of the keys wraps; the others, from before a rotation, only unwrap. `reload` reads them again when
 * one is wanted that is not among them: somebody has put another one in its place meanwhile.
 */
export function openLocalMasterKey(
  keys: readonly Uint8Array[],
  reload: () => Promise<readonly Uint8Array[]> = async () => [],
): MasterKey {
  let held = new Map(keys.map((key) => [idOf(key), key]))
  const current = (): [id: string, key: Uint8Array] => {
    const [first] = held
    if (!first) throw new Error('A master key is needed.')
    return first
  }
  const keyOf = async (id: string): Promise<Uint8Array> => {
    const found = held.get(id)
    if (found) return found
    const known = [...held]
    held = new Map([...(await reload()).map((key) => [idOf(key), key] as const), ...known])
    const now = held.get(id)
    if (!now) throw new MasterKeyMissing([id])
    return now
  }
  return {
    get id() {
      return current()[0]
    },
    holds: (wanted) => held.has(wanted),
    async wrap(bytes, context) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', current()[1], nonce, { authTagLength: tagBytes })
      cipher.setAAD(Buffer.from(context, 'utf8'))
      return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]).toString('base64url')
    },
    async unwrap({ master, wrapped }, context) {
      const wrapping = await keyOf(master)
      const bytes = Buffer.from(wrapped, 'base64url')
      const nonce = bytes.subarray(0, nonceBytes)
      const decipher = createDecipheriv('aes-256-gcm', wrapping, nonce, { authTagLength: tagBytes })
      decipher.setAAD(Buffer.from(context, 'utf8'))
      decipher.setAuthTag(bytes.subarray(-tagBytes))
      return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()])
    },
    async health() {},
  }
}

/** One way: the id is in the database, the key is not. */
function idOf(key: Uint8Array): string {
  return `local:${createHash('sha256').update('passerelle master key\n').update(key).digest('hex').slice(0, 16)}`
}
