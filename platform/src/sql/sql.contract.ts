import { CompiledQuery } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../ids/ids.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import { openSql, type Tx } from './sql.ts'
import { createTestDatabase, type TestDatabase } from './testing.ts'

/** What any PostgreSQL that stands behind the port must keep: the one of this run. */
let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  const owner = new pg.Client(database.owner)
  await owner.connect()
  await owner.query(`
    create schema test;
    grant usage on schema test to passerelle_app;
    create table test.note (organization_id text not null, text text not null);
    grant select, insert, update, delete on test.note to passerelle_app;
    select platform.isolate('test.note');
    create table test.parcel (organization_id text not null, client_id text, text text not null);
    grant select, insert, update, delete on test.parcel to passerelle_app;
    select platform.isolate('test.parcel');
    select platform.share_with_client('test.parcel', 'client_id = (select current_setting(''passerelle.client'', true))',
      'client_id = (select current_setting(''passerelle.client'', true)) and text like ''demande%''');`)
  await owner.end()
})

afterAll(() => database.drop())

function write(tx: Tx, organizationId: string, text: string): Promise<unknown> {
  return tx.executeQuery(CompiledQuery.raw('insert into test.note values ($1, $2)', [organizationId, text]))
}

async function read(tx: Tx): Promise<string[]> {
  const { rows } = await tx.executeQuery<{ text: string }>(
    CompiledQuery.raw('select text from test.note order by text'),
  )
  return rows.map((row) => row.text)
}

describe('a client of an organisation', () => {
  const parcels = async (tx: Tx): Promise<string[]> => {
    const { rows } = await tx.executeQuery<{ text: string }>(
      CompiledQuery.raw('select text from test.parcel order by text'),
    )
    return rows.map(({ text }) => text)
  }
  const insert = (organizationId: string, clientId: string | null, text: string) => (tx: Tx) =>
    tx.executeQuery(CompiledQuery.raw('insert into test.parcel values ($1, $2, $3)', [organizationId, clientId, text]))

  test('sees of a shared table what is theirs, of every other table nothing, and leaves no trace on the connection', async () => {
    const organizationId = newId('org')
    const sql = openSql(database.app, { max: 1 })
    try {
      await sql.withOrganization({ organizationId }, async (tx) => {
        await write(tx, organizationId, 'interne')
        await insert(organizationId, 'cli_a', 'à a')(tx)
        await insert(organizationId, 'cli_b', 'à b')(tx)
        await insert(organizationId, null, 'à personne')(tx)
      })
      const asClient = (clientId: string) => ({ organizationId, clientId })
      expect(await sql.withOrganization(asClient('cli_a'), parcels)).toEqual(['à a'])
      expect(await sql.withOrganization(asClient('cli_b'), parcels)).toEqual(['à b'])
      expect(await sql.withOrganization(asClient('cli_c'), parcels)).toEqual([])
      expect(await sql.withOrganization(asClient('cli_a'), read)).toEqual([])
      expect(await sql.withOrganization({ organizationId: newId('org'), clientId: 'cli_a' }, parcels)).toEqual([])
      expect(await sql.withOrganization({ organizationId }, parcels)).toEqual(['à a', 'à b', 'à personne'])
    } finally {
      await sql.close()
    }
  })

  test('writes what it is let to, in its own name alone, and changes and removes nothing', async () => {
    const organizationId = newId('org')
    const asClient = { organizationId, clientId: 'cli_a' }
    await database.sql.withOrganization(asClient, insert(organizationId, 'cli_a', 'demande de a'))
    for (const refused of [
      insert(organizationId, 'cli_b', 'demande pour b'),
      insert(organizationId, null, 'demande de personne'),
      insert(organizationId, 'cli_a', 'autre chose'),
      (tx: Tx) => write(tx, organizationId, 'interne'),
    ])
      await expect(database.sql.withOrganization(asClient, refused)).rejects.toThrow('row-level security')
    await database.sql.withOrganization(asClient, async (tx) => {
      await tx.executeQuery(CompiledQuery.raw(`update test.parcel set text = 'changé'`))
      await tx.executeQuery(CompiledQuery.raw('delete from test.parcel'))
    })
    expect(await database.sql.withOrganization({ organizationId }, parcels)).toEqual(['demande de a'])
  })
})

describe('an organisation', () => {
  test('sees its own rows and no others, also on a connection that another one has just used', async () => {
    const [mine, other] = [newId('org'), newId('org')]
    const sql = openSql(database.app, { max: 1 })
    try {
      await sql.withOrganization({ organizationId: mine }, (tx) => write(tx, mine, 'à moi'))
      expect(await sql.withOrganization({ organizationId: other }, read)).toEqual([])
      expect(await sql.withOrganization({ organizationId: mine }, read)).toEqual(['à moi'])
    } finally {
      await sql.close()
    }
  })

  test('cannot write a row of another, nor move one there', async () => {
    const [mine, other] = [newId('org'), newId('org')]
    await expect(
      database.sql.withOrganization({ organizationId: mine }, (tx) => write(tx, other, 'glissé')),
    ).rejects.toThrow('row-level security')
    await database.sql.withOrganization({ organizationId: mine }, (tx) => write(tx, mine, 'à moi'))
    const move = (tx: Tx): Promise<unknown> =>
      tx.executeQuery(CompiledQuery.raw('update test.note set organization_id = $1', [other]))
    await expect(database.sql.withOrganization({ organizationId: mine }, move)).rejects.toThrow('row-level security')
  })

  test('may have any text for its id, and nothing of it is read as SQL', async () => {
    const odd = `org_'; drop table test.note; --`
    await database.sql.withOrganization({ organizationId: odd }, (tx) => write(tx, odd, 'étrange'))
    expect(await database.sql.withOrganization({ organizationId: odd }, read)).toEqual(['étrange'])
  })
})

describe('a transaction', () => {
  test('that is a snapshot sees to its end what there was when it began, and writes nothing', async () => {
    const organizationId = newId('org')
    const add = (text: string) =>
      database.sql.withOrganization({ organizationId }, (tx) => write(tx, organizationId, text))
    await add('avant')
    const looking = async (tx: Tx): Promise<string[][]> => {
      const first = await read(tx)
      await add('pendant')
      return [first, await read(tx)]
    }
    const asSnapshot = { snapshot: true }
    expect(await database.sql.withOrganization({ organizationId }, looking, asSnapshot)).toEqual([['avant'], ['avant']])
    const writing = (tx: Tx) => write(tx, organizationId, 'jamais')
    await expect(database.sql.withOrganization({ organizationId }, writing, asSnapshot)).rejects.toThrow()
    expect(await database.sql.withOrganization({ organizationId }, read)).toEqual(['avant', 'pendant'])
  })

  test('that fails has written nothing', async () => {
    const organizationId = newId('org')
    await expect(
      database.sql.withOrganization({ organizationId }, async (tx) => {
        await write(tx, organizationId, 'jamais')
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    expect(await database.sql.withOrganization({ organizationId }, read)).toEqual([])
  })

  test('is one of its own for each of many at the same moment', async () => {
    const organizationIds = Array.from({ length: 40 }, () => newId('org'))
    await Promise.all(
      organizationIds.map((organizationId) =>
        database.sql.withOrganization({ organizationId }, (tx) => write(tx, organizationId, organizationId)),
      ),
    )
    for (const organizationId of organizationIds) {
      expect(await database.sql.withOrganization({ organizationId }, read)).toEqual([organizationId])
    }
  })
})

test('the plain role cannot take another organisation’s place: it can neither switch row security off nor become the owner', async () => {
  const forbidden = [
    'alter table test.note disable row level security',
    'set role passerelle_owner',
    'create table test.other (x int)',
  ]
  for (const statement of forbidden) {
    await expect(
      database.sql.withOrganization({ organizationId: newId('org') }, (tx) =>
        tx.executeQuery(CompiledQuery.raw(statement)),
      ),
    ).rejects.toThrow()
  }
})

test('all of this, and every room, is tried on a PostgreSQL of a package, 15 or newer', async ({ skip }) => {
  if (!process.env.SQL_TEST_URL) skip('SQL_TEST_URL is not set')
  const [server] = await database.sql.query<{ major: number }>(
    `select current_setting('server_version_num')::int / 10000 as major`,
  )
  expect(server?.major).toBeGreaterThanOrEqual(15)
})

test('behind a pooler too, which gives a connection away after each transaction', async ({ skip }) => {
  if (!process.env.SQL_TEST_POOL_URL) skip('SQL_TEST_POOL_URL is not set')
  const session = `select current_setting('passerelle.organization', true) as organization, current_setting('statement_timeout') as patience`
  await database.sql.withOrganization({ organizationId: newId('org') }, read)
  const pooled = new pg.Client(database.app)
  await pooled.connect()
  try {
    for (let turn = 0; turn < 20; turn++) {
      const { rows } = await pooled.query<{ organization: string | null; patience: string }>(session)
      expect([rows[0]?.organization || null, rows[0]?.patience]).toEqual([null, '0'])
    }
  } finally {
    await pooled.end()
  }
})

test('a server that does not answer is an engine that is unavailable', async () => {
  const nowhere = openSql({ ...database.app, host: '/tmp/no-such-folder' })
  try {
    await expect(nowhere.health()).rejects.toBeInstanceOf(EngineUnavailable)
    await expect(nowhere.withOrganization({ organizationId: newId('org') }, read)).rejects.toMatchObject({
      engine: 'sql',
    })
  } finally {
    await nowhere.close()
  }
})
