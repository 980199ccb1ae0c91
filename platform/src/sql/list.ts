import { sql, type RawBuilder } from 'kysely'
import { requireAfter, type CursorSchema, type CursorValue } from '../schema/cursor.ts'
import { pageOf, type Page, type PageRequest } from '../schema/page.ts'
import type { OrganizationScope, Sql } from './sql.ts'

/** A list of rows: which they are, in what order, and what they are to a client. */
export interface List<Row, Node> {
  /** What follows `from`: a table, or a query in parentheses with a name. */
  from: RawBuilder<unknown>
  where?: RawBuilder<boolean>
  /** The columns of the order, the last of which tells all rows apart; an index should have them. Moments are timestamptz(3). */
  order: readonly (keyof Row & string)[]
  descending?: boolean
  /** What a cursor holds: a value for each column of the order. */
  cursor: CursorSchema
  toNode: (row: Row) => Node
}

/** One page of a list, and how many there are in all, counted when asked. InvalidInput for a cursor of another list. */
export async function listRows<Row extends object, Node>(
  { database, viewer }: { database: Sql; viewer: OrganizationScope },
  list: List<Row, Node>,
  page: PageRequest,
): Promise<Page<Node>> {
  const { from, where = sql`true`, order, descending = false, cursor, toNode } = list
  const after = requireAfter(cursor, page)
  const columns = order.map((column) => sql.ref(column))
  const direction = sql.raw(descending ? 'desc' : 'asc')
  const rest = after ? sql`(${sql.join(columns)}) ${sql.raw(descending ? '<' : '>')} (${sql.join(after)})` : sql`true`
  const rows = await database.withOrganization(viewer, async (tx) => {
    const found = await sql<Row>`
      select * from ${from} where ${where} and ${rest}
      order by ${sql.join(columns.map((column) => sql`${column} ${direction}`))} limit ${page.first + 1}`.execute(tx)
    return found.rows
  })
  return pageOf(rows, page, {
    key: (row) => order.map((column) => toCursorValue(row[column])),
    node: toNode,
    total: () => countRows({ database, viewer }, { from, where }),
  })
}

function countRows(
  { database, viewer }: { database: Sql; viewer: OrganizationScope },
  { from, where }: { from: RawBuilder<unknown>; where: RawBuilder<unknown> },
): Promise<number> {
  return database.withOrganization(viewer, async (tx) => {
    const { rows } = await sql<{ count: number }>`select count(*) as count from ${from} where ${where}`.execute(tx)
    return rows[0]?.count ?? 0
  })
}

function toCursorValue(value: unknown): CursorValue {
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'string' || typeof value === 'number') return value
  throw new TypeError('A list is ordered by texts, numbers and moments.')
}
