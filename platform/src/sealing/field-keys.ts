import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto'

/** Where a value is kept: it opens there and nowhere else. */
export interface Place {
  /** With its schema: `conciergerie.client`. */
  table: string
  column: string
  /** The id of the row. */
  row: string
}

/** The opened keys of one organisation. Nothing here waits, so that it may be used inside a transaction. */
export interface FieldKeys {
  readonly organizationId: string
  /** `v1:<key id>:<nonce>:<ciphertext and tag>`, the last two in base64url. */
  seal(place: Place, text: string): string
  /** SealBroken for what was closed for another place or by a key that is gone, and for what is no sealed value. */
  open(place: Place, sealed: string): string
  /** The same, but a value that was written before fields were sealed, and has not been closed yet, is taken as it is. */
  read(place: Place, kept: string): string
  /** True for what the key that writes now has closed. */
  isCurrent(sealed: string): boolean
  /** What begins every value that the key that writes now has closed. */
  readonly currentPrefix: string
  /** The same for the same value under the same name, and only in this organisation; it tells nothing of the value. 64 hexadecimal digits. */
  blindIndex(name: string, value: string): string
}

/** A sealed value does not open: it was moved or changed, or its key is gone. Nothing of it is told. */
export class SealBroken extends Error {
  constructor(place: Place) {
    super(`A sealed value of ${place.table}.${place.column} (${place.row}) does not open.`)
    this.name = 'SealBroken'
  }
}

const nonceBytes = 12
const tagBytes = 16

export const sealedPattern = /^v1:(key_[0-9a-f]{16}):([\w-]{16}):([\w-]{22,})$/
export const blindIndexPattern = /^[0-9a-f]{64}$/

interface Opened {
  organizationId: string
  /** The id of the key that closes what is written now. */
  writing: string
  seals: ReadonlyMap<string, Uint8Array>
  index: Uint8Array
}

export function createFieldKeys({ organizationId, writing, seals, index }: Opened): FieldKeys {
  const keys = new Map([...seals].map(([id, bytes]) => [id, createSecretKey(bytes)]))
  const current = keys.get(writing)
  if (!current) throw new Error('The key that writes is not among the keys.')
  const indexKey = createSecretKey(index)
  const currentPrefix = `v1:${writing}:`

  function open(place: Place, sealed: string): string {
    const [, id = '', nonce = '', body = ''] = sealedPattern.exec(sealed) ?? []
    const key = keys.get(id)
    if (!key) throw new SealBroken(place)
    const bytes = Buffer.from(body, 'base64url')
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), { authTagLength: tagBytes })
    decipher.setAAD(boundTo(organizationId, place))
    decipher.setAuthTag(bytes.subarray(-tagBytes))
    try {
      return Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]).toString('utf8')
    } catch {
      throw new SealBroken(place)
    }
  }

  return {
    organizationId,
    currentPrefix,
    seal(place, text) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', current, nonce, { authTagLength: tagBytes })
      cipher.setAAD(boundTo(organizationId, place))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${currentPrefix}${nonce.toString('base64url')}:${body.toString('base64url')}`
    },
    open,
    read: (place, kept) => (sealedPattern.test(kept) ? open(place, kept) : kept),
    isCurrent: (sealed) => sealed.startsWith(currentPrefix),
    blindIndex: (name, value) => createHmac('sha256', indexKey).update(`${name}\n${value}`).digest('hex'),
  }
}

/** No part may hold a line end, so that two places never read alike. */
function boundTo(organizationId: string, { table, column, row }: Place): Buffer {
  return Buffer.from([organizationId, table, column, row].join('\n'), 'utf8')
}
