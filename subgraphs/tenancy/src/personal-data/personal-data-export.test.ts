import { text } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@passerelle/platform/ids'
import type { PersonalData } from '@passerelle/platform/privacy'
import { housePersonalData } from '@passerelle/platform/privacy/house'
import { EngineUnavailable, type Viewer } from '@passerelle/platform/schema'
import {
  createTestClient,
  createTestViewer,
  openTestPlatform,
  type TestClient,
  type TestPlatform,
} from '@passerelle/platform/subgraph/testing'
import { tenancy } from '../index.ts'
import { carryOutExport } from './personal-data-export.ts'
import { exportRows } from './personal-data-export.rows.ts'
import { lookAfter } from './personal-data.rounds.ts'
import { applyRetention, setRetention } from './retention.ts'

let platform: TestPlatform
let client: TestClient
/** What the room of these tests has to say, and what is in the way of it. */
let trouble: Error | null = null
/** What it keeps that a rule may be for. */
let things = 0
/** Told when the room's turn has come. */
let reached: () => void = () => {}

const room: PersonalData = {
  find: async () => [],
  retention: [
    {
      noun: 'room.thing',
      legalMinimumDays: 0,
      count: async () => things,
      async remove(_tx, { most }) {
        const removed = Math.min(things, most)
        things -= removed
        reached()
        return removed
      },
    },
  ],
  async *export() {},
  async *exportOrganization() {
    yield { path: 'room/first.txt', content: 'first' }
    reached()
    if (trouble) throw trouble
    yield { path: 'room/last.bin', content: Readable.from([Buffer.alloc(500_000, 'last')]) }
  },
  erase: async () => {},
}

beforeAll(async () => {
  platform = await openTestPlatform({
    sets: [tenancy.migrations],
    queues: tenancy.queues,
    engines: {
      personalData: new Map([
        ['platform', housePersonalData],
        ['room', room],
      ]),
      readGraph: async () => ({ data: {} }),
      sealedTables: tenancy.sealedTables ?? [],
    },
  })
  client = createTestClient(platform, tenancy)
})

afterAll(() => platform.close())

interface Asked {
  id: string
  state: string
  failure: string | null
  archiveUrl: string | null
}

/** Asked for; nobody works on it but these tests. */
async function ask(): Promise<{
  owner: Viewer
  id: string
  carryOut: (most?: number, signal?: AbortSignal) => Promise<void>
}> {
  trouble = null
  const owner = createTestViewer()
  const { organizationId } = owner
  await platform.database.asOwner('insert into tenancy.organization (id, name) values ($1, $1)', [organizationId])
  const { exportOrganization } = await client.data<{ exportOrganization: Asked }>(
    owner,
    'mutation { exportOrganization { ... on PrivacyRequest { id } } }',
  )
  const { id } = exportOrganization
  const job = { organizationId, data: { requestId: id } }
  const carryOut = (most?: number, signal = AbortSignal.timeout(60_000)): Promise<void> =>
    carryOutExport(platform, { ...job, signal }, most)
  return { owner, id, carryOut }
}

async function stateOf(viewer: Viewer): Promise<Asked | undefined> {
  const query = '{ privacyRequests(first: 1) { nodes { id state failure archiveUrl } } }'
  return (await client.data<{ privacyRequests: { nodes: Asked[] } }>(viewer, query)).privacyRequests.nodes[0]
}

test('an archive that would be too large ends the request, says so, and leaves no file', async () => {
  const { owner, carryOut } = await ask()
  await carryOut(1_000)
  expect(await stateOf(owner)).toMatchObject({ state: 'FAILED', failure: 'TOO_LARGE', archiveUrl: null })
  await carryOut()
  expect(await stateOf(owner)).toMatchObject({ state: 'FAILED' })
  const acts = await platform.database.asOwner<{ action: string }>(
    'select action from platform.audit_entry where organization_id = $1 order by position',
    [owner.organizationId],
  )
  expect(acts.map(({ action }) => action)).toEqual(['privacy_request.requested', 'privacy_request.failed'])
})

test('what cannot be read is tried a few times, then the request ends and says so', async () => {
  const { owner, carryOut } = await ask()
  trouble = new RangeError('This value does not open.')
  for (let tries = 1; tries < 5; tries++) {
    await expect(carryOut()).rejects.toThrow('does not open')
    expect(await stateOf(owner)).toMatchObject({ state: 'RUNNING', failure: null })
  }
  await carryOut()
  expect(await stateOf(owner)).toMatchObject({ state: 'FAILED', failure: 'UNREADABLE' })
})

test('an engine that is away is tried again for as long as the queue does, and the archive comes when it is back', async () => {
  const { owner, carryOut } = await ask()
  trouble = new EngineUnavailable('blobs')
  for (let tries = 0; tries < 10; tries++) await expect(carryOut()).rejects.toBe(trouble)
  await lookAfter(platform)
  expect(await stateOf(owner)).toMatchObject({ state: 'RUNNING', failure: null })
  trouble = null
  await carryOut()
  expect(await stateOf(owner)).toMatchObject({ state: 'DONE', archiveUrl: expect.any(String) })
})

test('a process that stops breaks its archives off where they are, and the next one begins them anew', async () => {
  const { owner, carryOut } = await ask()
  for (let tries = 0; tries < 6; tries++) {
    const stopping = new AbortController()
    reached = () => stopping.abort(new Error('The process stops.'))
    await expect(carryOut(undefined, stopping.signal)).rejects.toMatchObject({ name: 'AbortError' })
  }
  expect(await stateOf(owner)).toMatchObject({ state: 'RUNNING', failure: null })
  reached = () => {}
  await carryOut()
  expect(await stateOf(owner)).toMatchObject({ state: 'DONE' })
})

test('an export that the queue has given up ends, and says so', async () => {
  const { owner, id } = await ask()
  await platform.database.asOwner(`update jobs.job set state = 'failed' where data->'data'->>'requestId' = $1`, [id])
  await lookAfter(platform)
  expect(await stateOf(owner)).toMatchObject({ id, state: 'FAILED', failure: 'UNAVAILABLE' })
})

const idsIn = (lines: string): string[] =>
  lines
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: string }).id)

test('rows that change while they are taken along are there once, as they were when it began', async () => {
  const owner = createTestViewer()
  const { organizationId } = owner
  const run = (statement: string, values: unknown[]) => platform.database.asOwner(statement, values)
  const insert = (ids: readonly string[]) =>
    run(
      `insert into tenancy.notification (id, organization_id, user_id, kind, subject_id, topic, params, fact_position, shown)
       select id, $1, id, 'before', 'sub_1', id, '{}', 1, true from unnest($2::text[]) as id`,
      [organizationId, ids],
    )
  const ids = Array.from({ length: 1_500 }, () => newId('ntf'))
  await insert(ids)
  const of = 'where organization_id = $1'
  const signal = AbortSignal.timeout(60_000)
  let elsewhere = 0
  for await (const { path, content } of exportRows(platform, { organizationId, signal })) {
    if (path !== 'rows/tenancy.notification.jsonl') {
      await text(content as Readable)
      // The moment is the same for all tables.
      if (elsewhere++ === 0) await insert(['ntf_late'])
      continue
    }
    expect(elsewhere).toBeGreaterThan(0)
    const parts: string[] = []
    for await (const part of content as Readable) {
      parts.push(String(part))
      if (parts.length > 1) continue
      // Every row moves to another place, some go, and others come.
      await run(`update tenancy.notification set kind = 'after' ${of}`, [organizationId])
      await run(`delete from tenancy.notification ${of} and id = any($2)`, [organizationId, ids.slice(700, 900)])
      await insert(Array.from({ length: 300 }, () => newId('ntf')))
    }
    expect(parts.length).toBeGreaterThan(1)
    expect(idsIn(parts.join('')).toSorted()).toEqual(ids.toSorted())
    expect(parts.join('')).not.toContain('after')
  }
  const [row] = await run(`select count(*) as count from tenancy.notification ${of}`, [organizationId])
  expect(row).toMatchObject({ count: 1_601 })
})

test('rows of nobody else are taken along, and a transaction that nobody reads on is over', async () => {
  const [{ organizationId }, other] = [createTestViewer(), createTestViewer()]
  const insert = 'insert into tenancy.organization (id, name) values ($1, $1)'
  for (const id of [organizationId, other.organizationId]) await platform.database.asOwner(insert, [id])
  const signal = AbortSignal.timeout(60_000)
  const all: string[] = []
  for await (const { content } of exportRows(platform, { organizationId, signal }))
    all.push(await text(content as Readable))
  expect([all.join('').includes(organizationId), all.join('').includes(other.organizationId)]).toEqual([true, false])
  for await (const { content } of exportRows(platform, { organizationId, signal })) {
    ;(content as Readable).destroy()
    break
  }
  const open = `select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`
  expect(await platform.database.asOwner(open, [])).toEqual([])
})

test('of a round of retention that is broken off it is known what it removed, and the next one goes on', async () => {
  const owner = createTestViewer()
  const { organizationId } = owner
  await setRetention(platform, owner, { noun: 'room.thing', days: 30 })
  things = 450
  const stopping = new AbortController()
  reached = () => stopping.abort(new Error('The process stops.'))
  await expect(applyRetention(platform, { organizationId, signal: stopping.signal })).rejects.toThrow('stops')
  const known = () =>
    platform.database.asOwner(
      `select removed, applied_at is not null as applied,
         (select sum((detail ->> 'removed')::int)::int from platform.audit_entry
          where action = 'retention_rule.applied' and organization_id = $1) as told
       from tenancy.retention_rule where organization_id = $1`,
      [organizationId],
    )
  expect([things, await known()]).toEqual([250, [{ removed: 200, applied: false, told: 200 }]])
  reached = () => {}
  await applyRetention(platform, { organizationId, signal: AbortSignal.timeout(60_000) })
  expect([things, await known()]).toEqual([0, [{ removed: 450, applied: true, told: 450 }]])
})
