import { sql } from 'kysely'
import { cursorParts, pageOf, requireAfter, type Page, type PageRequest, type Role, type Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { z } from 'zod'
import type { Tables } from './tables.ts'

/** A person's place in one organisation. */
export interface Member {
  organizationId: string
  userId: string
  roles: Role[]
  joinedAt: Date
}

/** The organisation's people, by name then id. */
export function listMembers(database: Sql, viewer: Viewer, request: PageRequest): Promise<Page<Member>> {
  return database.withOrganization(viewer, async (tx) => {
    const tables = tx.withTables<Tables>()
    const after = requireAfter(z.tuple([cursorParts.name, cursorParts.id('usr')]), request)
    const rows = await tables
      .selectFrom('tenancy.member')
      .innerJoin('tenancy.person', 'tenancy.person.id', 'tenancy.member.user_id')
      .select(['organization_id', 'user_id', 'roles', 'joined_at', 'tenancy.person.name as name'])
      .$if(after !== null, (query) =>
        query.where((where) =>
          where(where.refTuple('tenancy.person.name', 'user_id'), '>', where.tuple(after?.[0] ?? '', after?.[1] ?? '')),
        ),
      )
      .orderBy('tenancy.person.name')
      .orderBy('user_id')
      .limit(request.first + 1)
      .execute()
    return pageOf(rows, request, {
      key: (row) => [row.name, row.user_id],
      node: toMember,
      total: () => countMembers(database, viewer),
    })
  })
}

function countMembers(database: Sql, viewer: Viewer): Promise<number> {
  return database.withOrganization(viewer, async (tx) => {
    const { count } = await tx
      .withTables<Tables>()
      .selectFrom('tenancy.member')
      .select((query) => query.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return count
  })
}

export async function findMember(tx: Tx, userId: string): Promise<Member | null> {
  const row = await tx.withTables<Tables>().selectFrom('tenancy.member').selectAll().where('user_id', '=', userId).forUpdate().executeTakeFirst()
  return row ? toMember(row) : null
}

export async function countOwners(tx: Tx): Promise<number> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('tenancy.member')
    .select('user_id')
    .where(sql<boolean>`'OWNER' = any(roles)`)
    .forUpdate()
    .execute()
  return rows.length
}

export async function updateRoles(tx: Tx, userId: string, roles: Role[]): Promise<void> {
  await tx.withTables<Tables>().updateTable('tenancy.member').set({ roles }).where('user_id', '=', userId).execute()
}

function toMember(row: { organization_id: string; user_id: string; roles: Role[]; joined_at: Date }): Member {
  return { organizationId: row.organization_id, userId: row.user_id, roles: row.roles, joinedAt: row.joined_at }
}
