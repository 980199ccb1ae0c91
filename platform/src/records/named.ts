import { sql, type RawBuilder } from 'kysely'
import { z } from 'zod'
import { foldName } from '../graph/search-text.ts'
import { cursorParts, requireAfter } from '../schema/cursor.ts'
import { pageOf, type Page, type PageRequest } from '../schema/page.ts'
import type { Viewer } from '../schema/viewer.ts'
import type { Sql } from '../sql/sql.ts'
import { searchCondition, type Search } from './search.ts'

/** A table of records that are listed by name: it has `id`, `sort_name` (see sortName, collated "C") and `search` (see searchColumn). */
export interface NamedRecords<Row extends { id: string; sort_name: string }, Noun> {
  table: string
  prefix: string
  toNoun: (row: Row) => Noun
}

/** What a record is sorted by: its name without case and accents. */
export function sortName(name: string): string {
  return foldName(name)
}

/** One page of an organisation's records by name, then id. */
export function listByName<Row extends { id: string; sort_name: string }, Noun>(
  { database, viewer }: { database: Sql; viewer: Viewer },
  { table, prefix, toNoun }: NamedRecords<Row, Noun>,
  { page, search }: { page: PageRequest; search: Search | null },
): Promise<Page<Noun>> {
  const after = requireAfter(z.tuple([cursorParts.name, cursorParts.id(prefix)]), page)
  const found = search ? searchCondition('search', search) : sql<boolean>`true`
  const rest = after ? sql<boolean>`(sort_name, id) > (${after[0]}, ${after[1]})` : sql<boolean>`true`
  const from = sql.table(table)
  return database.withOrganization(viewer, async (tx) => {
    const { rows } =
      await sql<Row>`select * from ${from} where ${found} and ${rest} order by sort_name, id limit ${page.first + 1}`.execute(
        tx,
      )
    const total = (): Promise<number> =>
      count({ database, viewer }, sql`select count(*) as count from ${from} where ${found}`)
    return pageOf(rows, page, { key: (row) => [row.sort_name, row.id], node: toNoun, total })
  })
}

function count({ database, viewer }: { database: Sql; viewer: Viewer }, query: RawBuilder<unknown>): Promise<number> {
  return database.withOrganization(viewer, async (tx) => {
    const { rows } = await query.$castTo<{ count: number }>().execute(tx)
    return rows[0]?.count ?? 0
  })
}
