import pg from 'pg'
import { skewOf } from './clock.ts'
import type { SqlConnection } from './sql.ts'

export interface SqlInspection {
  /** How far the server's clock is ahead of this machine's, in milliseconds; what its answer took is not counted. */
  skewMs: number
  /** Tables of an organisation's rows that row security does not bind, or not the owner. */
  unwalled: string[]
  /** Schemas, and tables of jobs, that this role may not use. */
  closed: string[]
  /** Whether it is the owner of the tables, or stands in for it. */
  owns: boolean
}

/** Looks at a database as whoever the application logs in as: its clock, its walls, and what this role may do in it. Changes nothing. */
export async function inspectSql(connection: SqlConnection, schemas: readonly string[]): Promise<SqlInspection> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    const names = async (text: string): Promise<string[]> =>
      (await client.query<{ name: string }>(text, [schemas])).rows.map(({ name }) => name)
    const owned = await names(ownTables)
    return {
      skewMs: await readSkew(client),
      unwalled: await names(unwalled),
      closed: await names(closed),
      owns: owned.length > 0,
    }
  } finally {
    await client.end()
  }
}

async function readSkew(client: pg.Client): Promise<number> {
  const asked = Date.now()
  const { rows } = await client.query<{ now: number }>(
    'select (extract(epoch from clock_timestamp()) * 1000)::float8 as now',
  )
  return skewOf(rows[0]?.now ?? asked, { asked, answered: Date.now() })
}

const unwalled = `
  select format('%I.%I', nspname, relname) as name
  from pg_class join pg_namespace on pg_namespace.oid = relnamespace
  where nspname = any($1) and relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity)
    and exists (select from pg_attribute where attrelid = pg_class.oid and attname = 'organization_id' and not attisdropped)
  order by 1`

const closed = `
  select nspname as name from pg_namespace
  where (nspname = any($1) or nspname = 'jobs') and not has_schema_privilege(oid, 'usage')
  union all
  select format('%I.%I', nspname, relname) from pg_class join pg_namespace on pg_namespace.oid = relnamespace
  where nspname = 'jobs' and relname in ('job', 'queue') and has_schema_privilege(pg_namespace.oid, 'usage')
    and not (has_table_privilege(pg_class.oid, 'select') and has_table_privilege(pg_class.oid, 'update'))`

const ownTables = `
  select tablename as name from pg_tables
  where schemaname = any($1) and tablename = 'migration' and pg_has_role(current_user, tableowner, 'member')`
