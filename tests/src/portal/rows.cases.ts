import { join } from 'node:path'
import { connectionOf } from '@passerelle/platform/sql/embedded'
import pg from 'pg'
import { expect, test } from 'vitest'
import { askDatabase } from '../inside.ts'
import type { Passerelle } from '../passerelle.ts'
import type { House, PortalClient } from './clients.ts'

/** Written by every request, whoever makes it; no resolver shows a client anything of them. */
const open = ['platform.audit_entry', 'platform.audit_head', 'platform.fact', 'platform.fact_head']
/** What a client may change with plain SQL: their own account, sessions, and what they asked for. */
const changeable = ['conciergerie.service_request', 'tenancy.person', 'tenancy.session']

/** The rows themselves, without any resolver between: what the plain role of the application sees where a client asks. */
export function rowCases(house: Passerelle, houses: () => readonly [House, House]): void {
  const all = (): PortalClient[] => houses().flatMap(({ clients }) => [...clients])

  test('of every table of every room a client sees their own rows alone', async () => {
    const tables = await listTables(house)
    expect(tables.length).toBeGreaterThan(60)
    const shared = await sharedTables(house)
    for (const [at, each] of houses().entries())
      for (const client of each.clients) {
        const others = all().filter((one) => one !== client)
        const secrets = others.flatMap(({ word, own, account, link }) => [
          word,
          account.id,
          link.id,
          ...Object.values(own),
        ])
        const { rows: seen, counts } = await asClient(
          house,
          { organization: houses()[at]?.organization ?? '', client },
          tables,
        )
        const closed = tables.filter((name) => !open.includes(name) && !shared.includes(name))
        expect(closed.filter((name) => counts[name] !== 0)).toEqual([])
        expect(secrets.filter((secret) => seen.some((row) => row.includes(secret)))).toEqual([])
        expect(Object.keys(counts).filter((name) => shared.includes(name) && (counts[name] ?? 0) > 0)).toEqual(
          expect.arrayContaining([
            'conciergerie.booking',
            'conciergerie.client',
            'conciergerie.property',
            'conciergerie.service_request',
            'logistics.shipment',
            'tenancy.organization',
          ]),
        )
      }
  })

  test('a client deletes no row of any table, and changes none but their own', async () => {
    const tables = (await listTables(house)).filter((name) => !open.includes(name))
    const { organization, clients } = houses()[0]
    const [client] = clients
    const before = await countAll(house, tables)
    for (const name of tables) {
      expect([name, await touch(house, { organization, client }, `delete from ${name}`)]).toEqual([name, 0])
      const column = name === 'tenancy.organization' || name === 'tenancy.person' ? 'id' : 'organization_id'
      const changed = await touch(house, { organization, client }, `update ${name} set ${column} = ${column}`)
      expect([name, changed > 0 && !changeable.includes(name)]).toEqual([name, false])
    }
    // The house signs the audit log in its own time.
    const still = tables.filter((name) => name !== 'platform.audit_anchor')
    expect(await countAll(house, still)).toEqual(Object.fromEntries(still.map((name) => [name, before[name]])))
  })

  test('a client of no organisation, or of another one than the transaction’s, sees nothing', async () => {
    const tables = (await listTables(house)).filter((name) => !open.includes(name))
    const [mine, other] = houses()
    const [client] = mine.clients
    for (const organization of ['', other.organization]) {
      const { counts } = await asClient(
        house,
        { organization, client: { ...client, account: { ...client.account, id: '' } } },
        tables,
      )
      const { ['tenancy.organization']: name, ...rest } = counts
      expect(Object.entries(rest).filter(([, count]) => count > 0)).toEqual([])
      expect(name).toBe(organization === '' ? 0 : 1)
    }
  })
}

async function listTables(house: Passerelle): Promise<string[]> {
  const rows = await askDatabase<{ name: string }>(
    house,
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname in ('platform', 'tenancy', 'documents', 'memory', 'ai', 'logistics', 'conciergerie')
       and n.nspname || '.' || c.relname <> 'platform.migration' order by 1`,
  )
  return rows.map(({ name }) => name)
}

async function sharedTables(house: Passerelle): Promise<string[]> {
  const rows = await askDatabase<{ name: string }>(
    house,
    `select polrelid::regclass::text as name from pg_policy where polname = 'client_reads' order by 1`,
  )
  return rows.map(({ name }) => name)
}

interface Asker {
  organization: string
  client: PortalClient
}

/** Runs as the plain role where a client asks, and takes everything back. */
async function inside<Answer>(
  house: Passerelle,
  { organization, client }: Asker,
  work: (connection: pg.Client) => Promise<Answer>,
): Promise<Answer> {
  const connection = new pg.Client(await connectionOf(join(house.data, 'postgres')))
  await connection.connect()
  try {
    await connection.query('begin')
    await connection.query('set local role passerelle_app')
    await connection.query(
      `select set_config('passerelle.organization', $1, true), set_config('passerelle.user', $2, true), set_config('passerelle.client', $3, true)`,
      [organization, client.account.id, client.own.client],
    )
    return await work(connection)
  } finally {
    await connection.query('rollback')
    await connection.end()
  }
}

async function asClient(
  house: Passerelle,
  asker: Asker,
  tables: readonly string[],
): Promise<{ rows: string[]; counts: Record<string, number> }> {
  return inside(house, asker, async (connection) => {
    const rows: string[] = []
    const counts: Record<string, number> = {}
    for (const name of tables) {
      const found = await connection.query<{ text: string }>(`select t::text as text from ${name} t`)
      counts[name] = found.rows.length
      if (!open.includes(name)) rows.push(...found.rows.map(({ text }) => text))
    }
    return { rows, counts }
  })
}

/** How many rows a statement reaches; none where the role has no right to it at all. */
async function touch(house: Passerelle, asker: Asker, statement: string): Promise<number> {
  return inside(house, asker, async (connection) => {
    const done = await connection.query(statement).catch((error: unknown) => {
      if (error instanceof pg.DatabaseError && error.code === '42501') return { rowCount: 0 }
      throw error
    })
    return done.rowCount ?? 0
  })
}

async function countAll(house: Passerelle, tables: readonly string[]): Promise<Record<string, number>> {
  const text = tables.map((name) => `select '${name}' as name, count(*)::int as count from ${name}`).join(' union all ')
  const rows = await askDatabase<{ name: string; count: number }>(house, text)
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]))
}
