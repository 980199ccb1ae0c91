import { sql, type Insertable, type Selectable, type Updateable } from 'kysely'
import {
  cursorParts,
  effectiveScopes,
  type KeyKind,
  type Page,
  type PageRequest,
  type Role,
  type Viewer,
} from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { listRows, type List } from '@passerelle/platform/sql/list'
import { z } from 'zod'
import type { Tables } from '../tables.ts'

type Table = Tables['tenancy.api_key']

/** The rights of whoever answers for a key; null roles when they are no member any more. */
interface MakerColumns {
  maker_roles: Role[] | null
  granted_scopes: string[] | null
  withheld_scopes: string[] | null
}
type ApiKeyRow = Selectable<Table> & MakerColumns

export type ApiKeyState = 'ACTIVE' | 'WITHOUT_MAKER' | 'EXPIRED' | 'REVOKED'

/** A key as its organisation sees it; the secret is nowhere. */
export interface ApiKey {
  id: string
  name: string
  kind: KeyKind
  /** What it was given. */
  scopes: string[]
  /** What it has of that today: never more than whoever answers for it. */
  heldScopes: string[]
  networks: string[]
  state: ApiKeyState
  makerId: string
  createdAt: Date
  expiresAt: Date
  rotatedAt: Date | null
  /** Until when the secret before the last rotation holds too. */
  previousValidUntil: Date | null
  revokedAt: Date | null
  lastUsedAt: Date | null
  lastUsedNetwork: string | null
}

/** With what bounds it. */
const withMaker = sql`(select api_key.*, member.roles as maker_roles, member.granted_scopes, member.withheld_scopes from tenancy.api_key
  left join tenancy.member on member.organization_id = api_key.organization_id and member.user_id = api_key.maker_id
    and member.client_id is null) as api_key`

/** As `toState` says it. */
const inState: Record<ApiKeyState, ReturnType<typeof sql<boolean>>> = {
  REVOKED: sql<boolean>`revoked_at is not null`,
  EXPIRED: sql<boolean>`(revoked_at is null and expires_at <= now())`,
  WITHOUT_MAKER: sql<boolean>`(revoked_at is null and expires_at > now() and maker_roles is null)`,
  ACTIVE: sql<boolean>`(revoked_at is null and expires_at > now() and maker_roles is not null)`,
}

/** The keys of the organisation, the newest first. */
export function listApiKeys(
  database: Sql,
  viewer: Viewer,
  { page, states }: { page: PageRequest; states: readonly ApiKeyState[] | null },
): Promise<Page<ApiKey>> {
  const wanted = (states ?? []).map((state) => inState[state])
  const list: List<ApiKeyRow, ApiKey> = {
    from: withMaker,
    ...(states && { where: wanted.length > 0 ? sql<boolean>`(${sql.join(wanted, sql` or `)})` : sql<boolean>`false` }),
    order: ['created_at', 'id'],
    descending: true,
    cursor: z.tuple([cursorParts.moment, cursorParts.id('key')]),
    toNode: toApiKey,
  }
  return listRows({ database, viewer }, list, page)
}

export async function findApiKey(tx: Tx, id: string): Promise<ApiKey | null> {
  const { rows } = await sql<ApiKeyRow>`select * from ${withMaker} where id = ${id}`.execute(tx)
  return rows[0] ? toApiKey(rows[0]) : null
}

/** The key, held until the transaction ends, so that of two who change it one comes after the other. */
export async function holdApiKey(tx: Tx, id: string): Promise<ApiKey | null> {
  await sql`select id from tenancy.api_key where id = ${id} for update`.execute(tx)
  return findApiKey(tx, id)
}

export async function insertApiKey(tx: Tx, row: Insertable<Table>): Promise<void> {
  await tx.withTables<Tables>().insertInto('tenancy.api_key').values(row).execute()
}

export async function updateApiKey(tx: Tx, id: string, change: Updateable<Table>): Promise<void> {
  await tx.withTables<Tables>().updateTable('tenancy.api_key').set(change).where('id', '=', id).execute()
}

/** The hash that a key has now, which is the earlier one once it is given another. */
export async function replaceHash(
  tx: Tx,
  id: string,
  { hash, makerId, previousValidUntil }: { hash: string; makerId: string; previousValidUntil: Date | null },
): Promise<void> {
  await tx
    .withTables<Tables>()
    .updateTable('tenancy.api_key')
    .set(({ ref }) => ({
      hash,
      maker_id: makerId,
      previous_hash: previousValidUntil ? ref('hash') : null,
      previous_valid_until: previousValidUntil,
      rotated_at: new Date(),
    }))
    .where('id', '=', id)
    .execute()
}

/** The keys that a member answers for and that are not over. */
export async function openKeysOf(tx: Tx, makerId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from tenancy.api_key
    where maker_id = ${makerId} and revoked_at is null and expires_at > now()`.execute(tx)
  return rows.map(({ id }) => id)
}

/** Notes a use, at most once a minute. */
export async function touchApiKey(tx: Tx, id: string, network: string | null): Promise<void> {
  await sql`update tenancy.api_key set last_used_at = now(), last_used_network = ${network}
    where id = ${id} and (last_used_at is null or last_used_at < now() - interval '1 minute')`.execute(tx)
}

/** What is known of whoever shows a secret, before any organisation is. */
export interface HolderRow extends MakerColumns {
  organization_id: string
  kind: KeyKind
  scopes: string[]
  networks: string[]
  valid_until: Date
}

export async function findHolderRow(database: Sql, id: string, hash: string): Promise<HolderRow | null> {
  const [row] = await database.query<HolderRow>('select * from tenancy.find_api_key($1, $2)', [id, hash])
  return row ?? null
}

/** What a key has today of what it was given: never more than whoever answers for it. */
export function heldScopesOf(row: MakerColumns & { scopes: string[] }): string[] {
  const { maker_roles: roles, granted_scopes: granted, withheld_scopes: withheld, scopes } = row
  const allowed = new Set<string>(
    roles ? effectiveScopes({ roles, granted: granted ?? [], withheld: withheld ?? [] }) : [],
  )
  return scopes.filter((scope) => allowed.has(scope))
}

function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    scopes: row.scopes,
    heldScopes: heldScopesOf(row),
    networks: row.networks,
    state: toState(row),
    makerId: row.maker_id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    rotatedAt: row.rotated_at,
    previousValidUntil: row.previous_valid_until,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
    lastUsedNetwork: row.last_used_network,
  }
}

function toState(row: ApiKeyRow): ApiKeyState {
  if (row.revoked_at) return 'REVOKED'
  if (row.expires_at.getTime() <= Date.now()) return 'EXPIRED'
  return row.maker_roles ? 'ACTIVE' : 'WITHOUT_MAKER'
}
