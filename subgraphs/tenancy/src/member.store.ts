import { sql, type Selectable } from 'kysely'
import { cursorParts, type Page, type PageRequest, type Role, type Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { listRows, type List } from '@passerelle/platform/sql/list'
import { z } from 'zod'
import type { Tables } from './tables.ts'

type MemberRow = Selectable<Tables['tenancy.member']>

/** A person's place in one organisation. */
export interface Member {
  organizationId: string
  userId: string
  roles: Role[]
  joinedAt: Date
}

/** The organisation's people, by name then id. */
export function listMembers(database: Sql, viewer: Viewer, page: PageRequest): Promise<Page<Member>> {
  return listRows({ database, viewer }, members, page)
}

const members: List<MemberRow & { name: string }, Member> = {
  from: sql`(select member.*, person.name from tenancy.member join tenancy.person on person.id = member.user_id) as member`,
  order: ['name', 'user_id'],
  cursor: z.tuple([cursorParts.name, cursorParts.id('usr')]),
  toNode: toMember,
}

/** Holds who belongs to the organisation, and as what, until the transaction ends. One lock for all: two never wait for each other. */
export async function holdMembers(tx: Tx): Promise<void> {
  await tx.withTables<Tables>().selectFrom('tenancy.organization').select('id').forUpdate().execute()
}

export async function findMember(tx: Tx, userId: string): Promise<Member | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('tenancy.member')
    .selectAll()
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row ? toMember(row) : null
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

/** The addresses of the owners, in lower case. */
export async function listOwnerAddresses(tx: Tx): Promise<string[]> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('tenancy.member')
    .innerJoin('tenancy.person', 'tenancy.person.id', 'tenancy.member.user_id')
    .select('email_key')
    .where(sql<boolean>`'OWNER' = any(roles)`)
    .execute()
  return rows.map((row) => row.email_key)
}

export async function updateRoles(tx: Tx, userId: string, roles: Role[]): Promise<void> {
  await tx.withTables<Tables>().updateTable('tenancy.member').set({ roles }).where('user_id', '=', userId).execute()
}

function toMember(row: MemberRow): Member {
  return { organizationId: row.organization_id, userId: row.user_id, roles: row.roles, joinedAt: row.joined_at }
}
