import DataLoader from 'dataloader'
import { sql } from 'kysely'
import { z } from 'zod'
import {
  cursorParts,
  pageOf,
  requireAfter,
  type Page,
  type PageRequest,
  type Viewer,
} from '@passerelle/platform/schema'
import type { FieldKeys } from '@passerelle/platform/sealing'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'

/** Rows that belong to a row of another table, in the order of their ids, which is that of their making. */
export interface Children<Row extends { id: string }, Noun> {
  /** With its schema: `conciergerie.service_request_message`. */
  table: string
  /** The column that says to which they belong. */
  parent: string & keyof Row
  prefix: string
  newestFirst: boolean
  toNoun: (keys: FieldKeys, row: Row) => Noun
}

/** What a page of children is asked for with; `statuses` leaves out the others, where the rows have one. */
export interface ChildrenRequest {
  page: PageRequest
  statuses?: readonly string[] | null
}

export type ChildPages<Noun> = (parentId: string, request: ChildrenRequest) => Promise<Page<Noun>>

/** Reads the children of all parents of one answer together, page by page, as the viewer sees them. */
export function createChildPages<Row extends { id: string }, Noun>(
  { sql: database, sealing }: Pick<Platform, 'sql' | 'sealing'>,
  viewer: Viewer | null,
  children: Children<Row, Noun>,
): ChildPages<Noun> {
  const pages = new Map<string, DataLoader<string, Page<Noun>>>()

  function createPages({ page, statuses = null }: ChildrenRequest): DataLoader<string, Page<Noun>> {
    const totals = new DataLoader<string, number>(async (ids) => {
      if (!viewer) return ids.map(() => 0)
      const counts = await database.withOrganization(viewer, (tx) => countChildren(tx, children, { ids, statuses }))
      return ids.map((id) => counts.get(id) ?? 0)
    })
    return new DataLoader(async (ids) => {
      const keys = viewer && (await sealing.keysOf(viewer.organizationId))
      const rows = viewer
        ? await database.withOrganization(viewer, (tx) => loadChildren(tx, children, { ids, page, statuses }))
        : []
      return ids.map((id) => {
        const own = rows.filter((row) => row[children.parent] === id)
        return pageOf(own, page, {
          key: (row) => [row.id],
          node: (row) => children.toNoun(requireKeys(keys), row),
          total: () => totals.load(id),
        })
      })
    })
  }

  return (parentId, request) => {
    const key = JSON.stringify(request)
    const loader = pages.get(key) ?? createPages(request)
    pages.set(key, loader)
    return loader.load(parentId)
  }
}

interface Wanted {
  ids: readonly string[]
  statuses: readonly string[] | null
}

async function loadChildren<Row extends { id: string }, Noun>(
  tx: Tx,
  { table, parent, prefix, newestFirst }: Children<Row, Noun>,
  { ids, page, statuses }: Wanted & { page: PageRequest },
): Promise<Row[]> {
  const after = requireAfter(z.tuple([cursorParts.id(prefix)]), page)
  const direction = sql.raw(newestFirst ? 'desc' : 'asc')
  const rest = after ? sql`and id ${sql.raw(newestFirst ? '<' : '>')} ${after[0]}` : sql``
  const { rows } = await sql<Row>`
    select child.* from unnest(${ids}::text[]) as wanted (id) cross join lateral (
      select * from ${sql.table(table)} where ${sql.ref(parent)} = wanted.id ${withStatus(statuses)} ${rest}
      order by id ${direction} limit ${page.first + 1}) as child
    order by child.id ${direction}`.execute(tx)
  return rows
}

async function countChildren<Row extends { id: string }, Noun>(
  tx: Tx,
  { table, parent }: Children<Row, Noun>,
  { ids, statuses }: Wanted,
): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; count: number }>`
    select ${sql.ref(parent)} as id, count(*) as count from ${sql.table(table)}
    where ${sql.ref(parent)} = any(${ids}) ${withStatus(statuses)} group by 1`.execute(tx)
  return new Map(rows.map(({ id, count }) => [id, count]))
}

function withStatus(statuses: readonly string[] | null) {
  return statuses ? sql`and status = any(${statuses})` : sql``
}

function requireKeys(keys: FieldKeys | null): FieldKeys {
  if (!keys) throw new Error('Who sees rows has the keys of their organisation.')
  return keys
}
