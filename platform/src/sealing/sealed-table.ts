import type { FieldKeys } from './field-keys.ts'

/** A row as PostgreSQL has it; what is sealed is text or null. */
export type RowOf = Record<string, unknown>

/**
 * Which columns of a table hold what is personal. A subgraph says it once, in one place; its stores seal and open by it, a round closes what was written
 * before or with an older key, and a test reads the catalogue by it.
 */
export interface SealedTable {
  /** With its schema: `conciergerie.client`. */
  readonly name: string
  /** The column of the id that a value is bound to. */
  readonly row: string
  readonly columns: readonly string[]
  /** Other columns that are made from the opened row: blind indexes, and what a list is searched in. */
  readonly made?: (row: RowOf, keys: FieldKeys) => Record<string, string | null>
}

/** The row with its personal columns closed. A column that it does not have, or that is null, is left alone. */
export function sealRow<Row extends object>(keys: FieldKeys, table: SealedTable, row: Row): Row {
  return withColumns(table, row, (place, value) => keys.seal(place, value))
}

/** The row with its personal columns open. A value that was written before fields were sealed is taken as it is, until the round has come to it. */
export function readRow<Row extends object>(keys: FieldKeys, table: SealedTable, row: Row): Row {
  return withColumns(table, row, (place, value) => keys.read(place, value))
}

function withColumns<Row extends object>(
  { name, row: id, columns }: SealedTable,
  row: Row,
  change: FieldKeys['open'],
): Row {
  const values: RowOf = Object.fromEntries(Object.entries(row))
  const changed: RowOf = {}
  for (const column of columns) {
    const value = values[column]
    if (typeof value === 'string') changed[column] = change({ table: name, column, row: String(values[id]) }, value)
  }
  return Object.assign({}, row, changed)
}
