import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLog } from '../log/log.ts'
import { rowsOf } from '../sql/sql.ts'
import { createTestDatabase, type TestDatabase } from '../sql/testing.ts'
import { openEmbeddedVectors } from './embedded.ts'
import { point } from './points.testing.ts'
import type { Vectors } from './vectors.ts'

let database: TestDatabase
let folder = ''
let vectors: Vectors
beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'passerelle-vectors-'))
  const log = createLog({ name: 'vectors', level: 'silent' })
  vectors = await openEmbeddedVectors({ sql: database.sql, folder, log })
})
afterAll(async () => {
  await vectors.close()
  await database.drop()
  await rm(folder, { recursive: true })
})

/** Writes what so many passages come to that each have every word once. */
function fillWithCommonWords(organizationId: string, words: readonly string[], passages: number): Promise<unknown> {
  return database.sql.withOrganization({ organizationId }, async (tx) => {
    const [row] = await rowsOf<{ shelf: number }>(
      tx,
      `insert into platform.vector_shelf (organization_id, collection, next_point, points, total_length)
      values ($1, 'documents', $2, $2, $2 * 100) returning shelf`,
      [organizationId, passages],
    )
    await rowsOf(
      tx,
      `insert into platform.vector_point (organization_id, shelf, point, id, document_id, content_type, created_at, length)
      select $1, $2, point, 'chk_' || point, 'doc_' || point, 'text/plain', now(), 100 from generate_series(0, $3::int - 1) as point`,
      [organizationId, row?.shelf, passages],
    )
    await rowsOf(
      tx,
      `insert into platform.vector_posting (organization_id, shelf, term, bucket, entries)
      select $1, $2, term, bucket, array(
        select ((point & 4095) << 19) | (1 << 13) | 100
        from generate_series(bucket << 12, least((bucket << 12) + 4095, $3::int - 1)) as point
      ) from unnest($4::text[]) as term, generate_series(0, ($3::int - 1) >> 12) as bucket`,
      [organizationId, row?.shelf, passages, words],
    )
  })
}

it('answers another organisation while one has many long searches under way', async () => {
  const words = Array.from({ length: 64 }, (_, index) => `word${index}`)
  await vectors.upsert('org_b', 'documents', [point('1', 'ada')])
  await fillWithCommonWords('org_a', words, 10_000)
  const events: string[] = []
  const heavy = Array.from({ length: 40 }, async () => {
    const found = await vectors.search('org_a', 'documents', { sparse: words, limit: 21 })
    events.push(`heavy ${found.length}`)
  })
  const others = [
    vectors.search('org_b', 'documents', { sparse: ['ada'], limit: 5 }).then((found) => `search ${found.length}`),
    database.sql.withOrganization({ organizationId: 'org_b' }, async (tx) => {
      const rows = await rowsOf(tx, 'select 1', [])
      return `query ${rows.length}`
    }),
  ].map(async (other) => events.push(await other))
  await Promise.all([...heavy, ...others])
  expect(events.toSorted()).toEqual([...heavy.map(() => 'heavy 21'), 'query 1', 'search 1'])
  // A pool that took all in the order they came would have 24 of them over before it had a connection for anybody else.
  expect(events.slice(0, 24)).toEqual(expect.arrayContaining(['search 1', 'query 1']))
})
