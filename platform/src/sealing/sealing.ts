import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { OrganizationScope, Sql, Tx } from '../sql/sql.ts'
import { createFieldKeys, type FieldKeys } from './field-keys.ts'
import { createKeyCache } from './key-cache.ts'
import {
  addKey,
  deleteKeys,
  findMasters,
  listKeys,
  replaceWrapping,
  type KeyPurpose,
  type KeyRow,
} from './key.store.ts'
import { MasterKeyMissing, type MasterKey } from './master-key.ts'
import { createSigner, newSigningKey, type Signer } from './signer.ts'

export {
  blindIndexPattern,
  createFieldKeys,
  sealedPattern,
  SealBroken,
  type FieldKeys,
  type Place,
} from './field-keys.ts'
export { MasterKeyMissing, type MasterKey } from './master-key.ts'
export { verifySignature, type Signer } from './signer.ts'
export { readRow, sealRow, type SealedTable } from './sealed-table.ts'

/** Whose keys close what belongs to no organisation, such as the address that a person logs in with. */
export const installation = 'installation'

/**
 * Closes fields about people before they reach a store, and opens them again.
 *
 * Promises: AES-256-GCM, a fresh nonce for each value, under a key of the organisation alone. What is closed opens only in the organisation, table,
 * column and row that it was closed for; moved anywhere else, or changed by a bit, it is refused with SealBroken. The keys are in the database, each
 * wrapped by a master key that is not; a process keeps a bounded number of them in its memory, for a minute. A new key is known to every
 * process before any writes with it. A master key that is lost is MasterKeyMissing, one that does not answer EngineUnavailable('sealing').
 *
 * `keysOf` is asked before a transaction; what it answers works without waiting.
 */
export interface Sealing {
  /** The organisation's keys, made when it has none yet. */
  keysOf(organizationId: string): Promise<FieldKeys>
  /** Signs for the installation (Ed25519), and tells the public key that verifies it. */
  signer(): Promise<Signer>
  /**
   * A new key for what is written from now on, plus a grace in which every process hears of it. Answers from when on every process writes with it: one that looked
   * right before the key began goes on with the former for as long as it remembers. What `along` does is done with the key, or neither is.
   */
  rotate(scope: OrganizationScope, along?: (tx: Tx, from: Date) => Promise<void>): Promise<Date>
  /** The keys of an organisation, without what they are. */
  keys(organizationId: string): Promise<KeyState[]>
  /** Wraps every key anew with the master key that wraps now; answers how many. Those that wrapped before must still be held. */
  rewrap(): Promise<number>
  /** Closes a text under the master key itself, for what must open in whichever state the database is put back to. */
  protect(text: string, context: string): Promise<string>
  reveal(closed: string, context: string): Promise<string>
  /** Throws what is in the way of opening anything: a master key that is lost, or does not answer. */
  health(): Promise<void>
  /** Throws away the keys of the transaction's organisation: nothing that they closed opens ever again, wherever a copy of it is. */
  shred(tx: Tx, organizationId: string): Promise<number>
}

export interface KeyState {
  id: string
  purpose: KeyPurpose
  number: number
  /** Which master key wraps it. */
  master: string
  /** True for the one that writes now. */
  writes: boolean
  createdAt: Date
  writesFrom: Date
}

export interface SealingOptions {
  sql: Sql
  master: MasterKey
  /** How long a process goes on with the keys it knows, in milliseconds; a new key waits for twice as long. */
  rememberMs?: number
}

const protectedText = z.object({ master: z.string(), wrapped: z.string() })

const usualRememberMs = 60_000
const keyBytes = 32

export function openSealing({ sql, master, rememberMs = usualRememberMs }: SealingOptions): Sealing {
  const cache = createKeyCache<FieldKeys>({ lifetimeMs: rememberMs, most: 1_000 })
  const signers = createKeyCache<Signer>({ lifetimeMs: 3_600_000, most: 1 })

  const unwrap = (row: KeyRow): Promise<Uint8Array> => master.unwrap(row, contextOf(row))

  /** With the name of the key that wraps: another may come while that is waited for. */
  async function wrap(bytes: Uint8Array, context: string): Promise<{ wrapped: string; master: string }> {
    const { id } = master
    return { wrapped: await master.wrap(bytes, context), master: id }
  }

  /** What is to be written down of a new key. */
  async function make(organizationId: string, purpose: KeyPurpose) {
    const bytes = purpose === 'SIGN' ? newSigningKey() : randomBytes(keyBytes)
    const row = { id: newKeyId(), organizationId, purpose }
    return { ...row, ...(await wrap(bytes, contextOf(row))) }
  }

  /** The rows of an organisation, with at least one of each purpose. */
  async function requireRows(organizationId: string, purposes: readonly KeyPurpose[]): Promise<KeyRow[]> {
    const read = (): Promise<KeyRow[]> => sql.withOrganization({ organizationId }, listKeys)
    const rows = await read()
    const missing = purposes.filter((purpose) => !rows.some((row) => row.purpose === purpose))
    if (missing.length === 0) return rows
    for (const purpose of missing) {
      const key = await make(organizationId, purpose)
      await sql.withOrganization({ organizationId }, (tx) => addKey(tx, { ...key, writesFrom: null, first: true }))
    }
    return read()
  }

  async function loadKeys(organizationId: string): Promise<FieldKeys> {
    const rows = await requireRows(organizationId, ['SEAL', 'INDEX'])
    const seals = rows.filter(({ purpose }) => purpose === 'SEAL')
    const [index] = rows.filter(({ purpose }) => purpose === 'INDEX')
    const writing = seals.findLast(({ writesFrom }) => writesFrom.getTime() <= Date.now()) ?? seals[0]
    if (!index || !writing) throw new Error(`The keys of ${organizationId} could not be made.`)
    const opened = new Map(await Promise.all(seals.map(async (row) => [row.id, await unwrap(row)] as const)))
    return createFieldKeys({ organizationId, writing: writing.id, seals: opened, index: await unwrap(index) })
  }

  async function rewrapOf(organizationId: string): Promise<number> {
    const rows = await sql.withOrganization({ organizationId }, listKeys)
    for (const row of rows) {
      const closed = await wrap(await unwrap(row), contextOf(row))
      await sql.withOrganization({ organizationId }, (tx) => replaceWrapping(tx, row, closed))
    }
    return rows.length
  }

  return {
    keysOf: (organizationId) => cache.get(organizationId, () => loadKeys(organizationId)),
    signer: () =>
      signers.get(installation, async () => {
        const rows = await requireRows(installation, ['SIGN'])
        const row = rows.findLast(({ purpose }) => purpose === 'SIGN')
        if (!row) throw new Error('The key that signs could not be made.')
        return createSigner(row.id, await unwrap(row))
      }),
    async rotate(scope, along) {
      const { organizationId } = scope
      await requireRows(organizationId, ['SEAL', 'INDEX'])
      const key = await make(organizationId, 'SEAL')
      const writesFrom = new Date(Date.now() + 2 * rememberMs)
      const from = new Date(writesFrom.getTime() + rememberMs)
      await sql.withOrganization(scope, async (tx) => {
        await addKey(tx, { ...key, writesFrom, first: false })
        await along?.(tx, from)
      })
      cache.forget(organizationId)
      return from
    },
    async keys(organizationId) {
      const rows = await sql.withOrganization({ organizationId }, listKeys)
      const now = Date.now()
      const writing = rows.findLast((row) => row.purpose === 'SEAL' && row.writesFrom.getTime() <= now)
      return rows.map(({ wrapped: _, ...row }) => ({
        ...row,
        writes: row.purpose !== 'SEAL' || row.id === writing?.id,
      }))
    },
    async rewrap() {
      let count = 0
      for (const organizationId of new Set((await findMasters(sql)).map((row) => row.organizationId)))
        count += await rewrapOf(organizationId)
      return count
    },
    async protect(text, context) {
      return JSON.stringify(await wrap(Buffer.from(text, 'utf8'), `passerelle\n${context}`))
    },
    async reveal(text, context) {
      const bytes = await master.unwrap(protectedText.parse(JSON.parse(text)), `passerelle\n${context}`)
      return Buffer.from(bytes).toString('utf8')
    },
    async health() {
      const needed = new Set((await findMasters(sql)).map((row) => row.master))
      const missing = [...needed].filter((id) => !master.holds(id))
      if (missing.length > 0) throw new MasterKeyMissing(missing)
      await master.health()
    },
    async shred(tx, organizationId) {
      cache.forget(organizationId)
      return deleteKeys(tx)
    },
  }
}

function newKeyId(): string {
  return `key_${randomBytes(8).toString('hex')}`
}

/** A wrapped key opens only as what it was made for. */
function contextOf({ id, organizationId, purpose }: Pick<KeyRow, 'id' | 'organizationId' | 'purpose'>): string {
  return ['passerelle', organizationId, purpose, id].join('\n')
}
