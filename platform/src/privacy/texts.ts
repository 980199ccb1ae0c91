import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../sql/sql.ts'
import type { Matcher } from './matcher.ts'

/** A table that may name people in what was written freely. */
export interface TextTable {
  /** With its schema: `ai.answer`. */
  name: string
  /** The column that tells the rows apart. */
  row: string
  /** Columns of type text; one that holds JSON is masked inside its strings. */
  texts: readonly string[]
  /** Columns of type jsonb, masked inside their strings. */
  json?: readonly string[]
  /**
   * Columns with the key that a caller gave its row, so that what is sent twice is one, and what stands there once it names the person: two that are covered
   * could be the same.
   */
  keys?: Readonly<Record<string, (rowId: string) => string | null>>
  /** Columns that are made from the texts, such as what a list is sorted by. */
  made?: (masked: Readonly<Record<string, string | null>>) => Record<string, string | null>
}

type Row = Record<string, unknown> & { id: string }

/** The ids of the rows that name the person. */
export async function findInTexts(tx: Tx, table: TextTable, matcher: Matcher): Promise<string[]> {
  const rows = await likelyRows(tx, table, { matcher, hold: false })
  return rows.filter((row) => setsOf(table, row, matcher).length > 0).map(({ id }) => id)
}

/** What the rows that name the person say, each with its id: the columns of the table above and no others, which may be secret. */
export async function loadInTexts(tx: Tx, table: TextTable, matcher: Matcher): Promise<object[]> {
  const rows = await likelyRows(tx, table, { matcher, hold: false })
  return rows.filter((row) => setsOf(table, row, matcher).length > 0)
}

/** Covers the person in every row that names them; answers the ids. */
export async function maskInTexts(tx: Tx, table: TextTable, matcher: Matcher): Promise<string[]> {
  const masked: string[] = []
  for (const row of await likelyRows(tx, table, { matcher, hold: true })) {
    const sets = setsOf(table, row, matcher)
    if (sets.length === 0) continue
    await sql`update ${sql.table(table.name)} set ${sql.join(sets)} where ${sql.ref(table.row)} = ${row.id}`.execute(tx)
    masked.push(row.id)
  }
  return masked
}

/** Those that a pattern matches, held until the transaction ends where they are to be changed; the matcher decides. */
async function likelyRows(
  tx: Tx,
  table: TextTable,
  { matcher, hold }: { matcher: Matcher; hold: boolean },
): Promise<Row[]> {
  const { isEmpty, loosePatterns } = matcher
  if (isEmpty) return []
  const columns = columnsOf(table)
  const likely = columns.map((column) => sql`${sql.ref(column)}::text ~ any(${loosePatterns})`)
  const { rows } = await sql<Row>`
    select ${sql.ref(table.row)} as id, ${sql.join(columns.map((column) => sql.ref(column)))} from ${sql.table(table.name)}
    where ${sql.join(likely, sql` or `)} order by ${sql.ref(table.row)} ${sql.raw(hold ? 'for update' : '')}`.execute(
    tx,
  )
  return rows
}

function setsOf({ texts, json = [], keys = {}, made }: TextTable, row: Row, matcher: Matcher): RawBuilder<unknown>[] {
  const sets: RawBuilder<unknown>[] = []
  const after: Record<string, string | null> = {}
  for (const column of texts) {
    const text = row[column]
    after[column] = typeof text === 'string' ? maskText(text, matcher) : null
    if (after[column] !== text && typeof text === 'string') sets.push(sql`${sql.ref(column)} = ${after[column]}`)
  }
  if (made && sets.length > 0)
    for (const [column, text] of Object.entries(made(after))) sets.push(sql`${sql.ref(column)} = ${text}`)
  for (const column of json)
    if (names(row[column], matcher))
      sets.push(sql`${sql.ref(column)} = ${JSON.stringify(maskValue(row[column], matcher))}::jsonb`)
  for (const [column, keyOf] of Object.entries(keys))
    if (names(row[column], matcher)) sets.push(sql`${sql.ref(column)} = ${keyOf(row.id)}`)
  return sets
}

function columnsOf({ texts, json = [], keys = {} }: TextTable): string[] {
  return [...texts, ...json, ...Object.keys(keys)]
}

function maskText(text: string, matcher: Matcher): string {
  const held = /^\s*[[{]/.test(text) ? parse(text) : undefined
  return held === undefined ? matcher.mask(text) : JSON.stringify(maskValue(held, matcher))
}

/** The value with the person covered in every text inside it. */
function maskValue(value: unknown, matcher: Matcher): unknown {
  if (typeof value === 'string') return matcher.mask(value)
  if (typeof value === 'number') return matcher.finds(String(value)) ? matcher.mask(String(value)) : value
  if (Array.isArray(value)) return value.map((one) => maskValue(one, matcher))
  if (value === null || typeof value !== 'object') return value
  const masked = Object.entries(value).map(([name, inner]) => [matcher.mask(name), maskValue(inner, matcher)] as const)
  const seen = new Set<string>()
  // Two that are covered could be called the same, and one of them would be lost.
  return Object.fromEntries(
    masked.map(([name, inner], at) => [seen.has(name) ? `${name} ${at}` : (seen.add(name), name), inner]),
  )
}

function names(value: unknown, matcher: Matcher): boolean {
  if (typeof value === 'string') {
    const held = /^\s*[[{]/.test(value) ? parse(value) : undefined
    return held === undefined ? matcher.finds(value) : names(held, matcher)
  }
  if (typeof value === 'number') return matcher.finds(String(value))
  if (value === null || typeof value !== 'object') return false
  return Object.entries(value).some(([name, inner]) => matcher.finds(name) || names(inner, matcher))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
