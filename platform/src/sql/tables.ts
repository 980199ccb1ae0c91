import type pg from 'pg'

/** A table as it is carried from one database to another: what PostgreSQL works out by itself is left out. */
export interface CarriedTable {
  /** With its schema: `documents.page`. */
  name: string
  columns: string[]
}

/** Tells every migration that was applied, and the text it had. */
export interface AppliedMigration {
  name: string
  hash: string
}

/** What stays behind when rows are carried: the migrations that made the tables are told apart. */
const migrationTable = 'platform.migration'

/**
 * The tables of these schemas, each behind those that it refers to, so that they can be filled in this order. Throws when two refer to each
 * other: then no order would do.
 */
export async function listTables(client: pg.ClientBase, schemas: readonly string[]): Promise<CarriedTable[]> {
  const { rows } = await client.query<CarriedTable & { after: string[] }>(
    `select n.nspname || '.' || c.relname as name,
       array(select attname::text from pg_attribute
         where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '' order by attnum) as columns,
       array(select distinct rn.nspname || '.' || r.relname from pg_constraint k
         join pg_class r on r.oid = k.confrelid join pg_namespace rn on rn.oid = r.relnamespace
         where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as after
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any($1) and c.relkind = 'r' and n.nspname || '.' || c.relname <> $2 order by 1`,
    [schemas, migrationTable],
  )
  const ordered: CarriedTable[] = []
  const placed = new Set<string>()
  while (ordered.length < rows.length) {
    const next = rows.filter(({ name, after }) => !placed.has(name) && after.every((one) => placed.has(one)))
    if (next.length === 0) throw new Error('Some tables refer to each other, and cannot be filled one after the other.')
    for (const { name, columns } of next) {
      ordered.push({ name, columns })
      placed.add(name)
    }
  }
  return ordered
}

/** The migrations of a database in the order of their names; none when it was never migrated. */
export async function listMigrations(client: pg.ClientBase): Promise<AppliedMigration[]> {
  const { rows: found } = await client.query(`select from pg_tables where schemaname || '.' || tablename = $1`, [
    migrationTable,
  ])
  if (found.length === 0) return []
  const { rows } = await client.query<AppliedMigration>(`select name, hash from ${migrationTable} order by name`)
  return rows
}

/** A table's name and columns as SQL. */
export function quoteTable(client: pg.ClientBase, { name, columns }: CarriedTable): { name: string; columns: string } {
  return {
    name: name
      .split('.')
      .map((part) => client.escapeIdentifier(part))
      .join('.'),
    columns: columns.map((column) => client.escapeIdentifier(column)).join(', '),
  }
}
