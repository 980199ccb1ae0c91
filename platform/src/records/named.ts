import { sql, type RawBuilder } from 'kysely'
import { z } from 'zod'
import { foldName } from '../graph/search-text.ts'
import { cursorParts } from '../schema/cursor.ts'
import type { Page, PageRequest } from '../schema/page.ts'
import type { Viewer } from '../schema/viewer.ts'
import { listRows, type List } from '../sql/list.ts'
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

interface NamedFilter {
  page: PageRequest
  search: Search | null
  /** What a search finds besides, which is not in the searched text. */
  whole?: RawBuilder<boolean> | undefined
  /** What is listed at all. */
  only?: RawBuilder<boolean> | undefined
}

/** One page of an organisation's records by name, then id. */
export function listByName<Row extends { id: string; sort_name: string }, Noun>(
  { database, viewer }: { database: Sql; viewer: Viewer },
  { table, prefix, toNoun }: NamedRecords<Row, Noun>,
  { page, search, whole, only }: NamedFilter,
): Promise<Page<Noun>> {
  const list: List<Row, Noun> = {
    from: sql.table(table),
    where: sql<boolean>`${search ? foundBy(search, whole) : sql`true`} and ${only ?? sql`true`}`,
    order: ['sort_name', 'id'],
    cursor: z.tuple([cursorParts.name, cursorParts.id(prefix)]),
    toNode: toNoun,
  }
  return listRows({ database, viewer }, list, page)
}

function foundBy(search: Search, whole: RawBuilder<boolean> | undefined): RawBuilder<boolean> {
  const found = searchCondition('search', search)
  return whole ? sql<boolean>`(${found} or ${whole})` : found
}
