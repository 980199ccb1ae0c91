import { timingSafeEqual } from 'node:crypto'
import type { TokenKeys } from '../identity/tokens.ts'
import { rowsOf } from '../sql/sql.ts'
import type { Platform, Work } from '../subgraph/subgraph.ts'
import { chainStart } from './chain.ts'

/**
 * A chain proves that its entries belong together, not that they are the ones that were written: who owns the database can write it anew from the first to the last.
 * So where each chain stands is signed now and then, with a key that is not in the database, and left where the database is not: beside the blobs, and in
 * the log of the house.
 */
export interface Anchor {
  organizationId: string
  position: number
  /** Of the entry at that position. */
  hash: Buffer
  signedAt: Date
  /** RESTORE: the rows were put back to this state by an operator, and what was signed beyond it before is no more. */
  kind: 'ANCHOR' | 'RESTORE'
}

type Mac = Pick<TokenKeys, 'mac'>

const purpose = 'audit anchor 1'
const letters = { ANCHOR: 'A', RESTORE: 'R' } as const

/** How far a chain may grow, or how old its last anchor may be, before it is signed again. */
const grown = 500
const age = '15 minutes'
const roundMs = 60_000

/** The anchor as the name of a mark: everything that it says, and its seal. */
export function toMark(keys: Mac, anchor: Anchor): string {
  const said = [
    String(anchor.position).padStart(12, '0'),
    letters[anchor.kind],
    String(anchor.signedAt.getTime()).padStart(13, '0'),
    anchor.hash.toString('hex'),
    keyId(keys),
  ].join('.')
  return `${said}.${keys.mac(purpose, `${anchor.organizationId} ${said}`)}`
}

/** What a mark says: an anchor, null when its seal does not hold; `otherKey` when it was made with another secret. */
export function readMark(keys: Mac, organizationId: string, mark: string): Anchor | 'otherKey' | null {
  const parts = /^(\d{12})\.([AR])\.(\d{13})\.([0-9a-f]{64})\.([\w-]{12})\.([\w-]{43})$/.exec(mark)
  if (!parts) return null
  const [, position, letter, moment, hash = '', key, seal = ''] = parts
  if (key !== keyId(keys)) return 'otherKey'
  const right = keys.mac(purpose, `${organizationId} ${mark.slice(0, -seal.length - 1)}`)
  if (!timingSafeEqual(Buffer.from(right), Buffer.from(seal))) return null
  return {
    organizationId,
    position: Number(position),
    kind: letter === 'R' ? 'RESTORE' : 'ANCHOR',
    signedAt: new Date(Number(moment)),
    hash: Buffer.from(hash, 'hex'),
  }
}

/** An anchor as the database keeps it. */
export interface KeptAnchor {
  position: number
  hash: Buffer
  signed_at: Date
  key_id: string
  signature: Buffer
}

/** The mark that an anchor in the database is the copy of; null when it is of none, `otherKey` when it was made with another secret. */
export function markOfKept(keys: Mac, organizationId: string, kept: KeptAnchor): string | null {
  if (kept.key_id !== keyId(keys)) return 'otherKey'
  if (!(kept.signed_at instanceof Date) || !Buffer.isBuffer(kept.hash) || !Buffer.isBuffer(kept.signature)) return null
  const { position, hash, signed_at: signedAt } = kept
  const marks = (['ANCHOR', 'RESTORE'] as const).map((kind) =>
    toMark(keys, { organizationId, position, hash, signedAt, kind }),
  )
  return marks.find((mark) => mark.endsWith(`.${kept.signature.toString('base64url')}`)) ?? null
}

/** Tells one secret from another without telling it. */
function keyId(keys: Mac): string {
  return keys.mac(purpose, 'which key').slice(0, 12)
}

type Anchoring = Pick<Platform, 'sql' | 'blobs' | 'keys' | 'log'>

interface Head {
  organization_id: string
  position: number
  hash: Buffer
}

/** Signs what has grown, now and every minute; an outage puts it off to the next time. */
export function workAnchors(platform: Anchoring): Work {
  const look = (): Promise<void> =>
    anchorGrown(platform).catch((error: unknown) =>
      platform.log.warn({ err: error }, 'the audit log is signed a little later'),
    )
  let round = look()
  const timer = setInterval(() => (round = round.then(look)), roundMs).unref()
  return {
    async stop() {
      clearInterval(timer)
      await round
    },
  }
}

/** Signs every chain that has grown enough since it was signed last. */
export async function anchorGrown(
  platform: Anchoring,
  when: { grown: number; age: string } = { grown, age },
): Promise<void> {
  const due = await platform.sql.query<Head>('select * from platform.audit_anchors_due($1, $2::interval)', [
    when.grown,
    when.age,
  ])
  for (const head of due) await anchorAt(platform, head, 'ANCHOR')
}

/**
 * Signs every chain as it stands behind a restore: what was signed beyond that before counts no longer, and a chain that began later is not there.
 */
export async function anchorRestored(platform: Anchoring): Promise<void> {
  const heads = await platform.sql.query<Head>('select * from platform.audit_heads()')
  const known = new Set(heads.map(({ organization_id: id }) => id))
  const gone = (await platform.blobs.marked()).filter((id) => !known.has(id))
  const empty = gone.map((id): Head => ({ organization_id: id, position: 0, hash: chainStart }))
  for (const head of [...heads, ...empty]) await anchorAt(platform, head, 'RESTORE')
}

/** Outside first: an anchor that the database alone knows would prove nothing. */
async function anchorAt(
  { sql, blobs, keys, log }: Anchoring,
  { organization_id: organizationId, position, hash }: Head,
  kind: Anchor['kind'],
): Promise<void> {
  const anchor: Anchor = { organizationId, position, hash, kind, signedAt: new Date() }
  const mark = toMark(keys, anchor)
  await blobs.mark(organizationId, mark)
  log.info({ organizationId, anchor: mark }, 'the audit log was signed')
  const [, , , , key, seal = ''] = mark.split('.')
  await sql.withOrganization({ organizationId }, (tx) =>
    rowsOf(
      tx,
      `insert into platform.audit_anchor (organization_id, position, hash, signed_at, key_id, signature)
       values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
      [organizationId, position, hash, anchor.signedAt, key, Buffer.from(seal, 'base64url')],
    ),
  )
}
