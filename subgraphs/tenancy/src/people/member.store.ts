import { sql, type Selectable } from 'kysely'
import {
  cursorParts,
  type Page,
  type PageRequest,
  type Rights,
  type Role,
  type Viewer,
} from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { listRows, type List } from '@passerelle/platform/sql/list'
import { z } from 'zod'
import type { Tables } from '../tables.ts'

type MemberRow = Selectable<Tables['tenancy.member']>

/** A person's place in one organisation. */
export interface Member {
  organizationId: string
  userId: string
  roles: Role[]
  /** Single scopes beside those of the roles, and those of the roles that are kept from the member. */
  granted: string[]
  withheld: string[]
  joinedAt: Date
}

/** The organisation's people, by name then id. */
export function listMembers(database: Sql, viewer: Viewer, page: PageRequest): Promise<Page<Member>> {
  return listRows({ database, viewer }, members, page)
}

const members: List<MemberRow & { name: string }, Member> = {
  from: sql`(select member.*, person.name from tenancy.member join tenancy.person on person.id = member.user_id
    where member.client_id is null) as member`,
  order: ['name', 'user_id'],
  cursor: z.tuple([cursorParts.name, cursorParts.id('usr')]),
  toNode: toMember,
}

/** Holds who belongs to the organisation, and as what, until the transaction ends. One lock for all: two never wait for each other. */
export async function holdMembers(tx: Tx): Promise<void> {
  await tx.withTables<Tables>().selectFrom('tenancy.organization').select('id').forUpdate().execute()
}

/** A member; null for an account of a client too. */
export async function findMember(tx: Tx, userId: string): Promise<Member | null> {
  return (await findRights(tx, userId))?.member ?? null
}

/** The same, with the version that tokens must carry. */
export async function findRights(tx: Tx, userId: string): Promise<{ member: Member; version: number } | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('tenancy.member')
    .selectAll()
    .where('user_id', '=', userId)
    .where('client_id', 'is', null)
    .executeTakeFirst()
  return row ? { member: toMember(row), version: row.rights_version } : null
}

export async function countOwners(tx: Tx): Promise<number> {
  const { count } = await tx
    .withTables<Tables>()
    .selectFrom('tenancy.member')
    .select((query) => query.fn.countAll<number>().as('count'))
    .where(sql<boolean>`'OWNER' = any(roles)`)
    .executeTakeFirstOrThrow()
  return count
}

/** Writes what a member may do; tokens of an older version count no more. */
export async function updateRights(tx: Tx, userId: string, rights: Partial<Rights>): Promise<void> {
  await tx
    .withTables<Tables>()
    .updateTable('tenancy.member')
    .set({
      ...(rights.roles && { roles: [...rights.roles] }),
      ...(rights.granted && { granted_scopes: [...rights.granted] }),
      ...(rights.withheld && { withheld_scopes: [...rights.withheld] }),
      rights_version: nextVersion,
    })
    .where('user_id', '=', userId)
    .execute()
}

/** Takes somebody out, a member or a client, with their sessions and links; answers the version below which no token of theirs counts. */
export async function deleteMember(tx: Tx, userId: string): Promise<number> {
  const tables = tx.withTables<Tables>()
  await tables.deleteFrom('tenancy.password_reset').where('user_id', '=', userId).execute()
  const ofMember = tables.selectFrom('tenancy.session').select('id').where('user_id', '=', userId)
  await tables.deleteFrom('tenancy.refresh_token').where('session_id', 'in', ofMember).execute()
  await tables.deleteFrom('tenancy.session').where('user_id', '=', userId).execute()
  const { version } = await tables
    .deleteFrom('tenancy.member')
    .where('user_id', '=', userId)
    .returning(nextVersion.as('version'))
    .executeTakeFirstOrThrow()
  return version
}

/** A time of the database's clock, always later than the one before it. */
const nextVersion = sql<number>`greatest(rights_version + 1, (extract(epoch from clock_timestamp()) * 1000)::bigint)`

function toMember(row: MemberRow): Member {
  return {
    organizationId: row.organization_id,
    userId: row.user_id,
    roles: row.roles,
    granted: row.granted_scopes,
    withheld: row.withheld_scopes,
    joinedAt: row.joined_at,
  }
}
