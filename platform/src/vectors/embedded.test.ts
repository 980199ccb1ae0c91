import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { createLog } from '../log/log.ts'
import { createTestDatabase, type TestDatabase } from '../sql/testing.ts'
import { openEmbeddedVectors } from './embedded.ts'
import { inSpace, point, searching } from './points.testing.ts'
import type { Vectors } from './vectors.ts'

let database: TestDatabase
let folder = ''
let vectors: Vectors | undefined
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-vectors-'))
})
afterEach(async () => {
  await vectors?.close()
  await rm(folder, { recursive: true })
})

async function open(): Promise<Vectors> {
  await vectors?.close()
  vectors = await openEmbeddedVectors({
    sql: database.sql,
    folder,
    log: createLog({ name: 'vectors', level: 'silent' }),
  })
  return vectors
}

/** Lets another process write until it has acknowledged so many documents more, kills it, and answers the last one acknowledged. */
async function writeAndKill(first: number, acknowledgements: number): Promise<number> {
  const script = fileURLToPath(new URL('embedded.writer.testing.ts', import.meta.url))
  const writer = spawn(process.execPath, [script, JSON.stringify(database.app), folder, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let last = first - 1
  for await (const line of createInterface({ input: writer.stdout })) {
    last = Number(line)
    if (last === first + acknowledgements - 1) writer.kill('SIGKILL')
  }
  return last
}

it('finds every acknowledged point on both sides after each kill -9', async () => {
  let next = 0
  for (const acknowledgements of [1, 12, 47]) {
    const last = await writeAndKill(next, acknowledgements)
    expect(last).toBeGreaterThanOrEqual(next + acknowledgements - 1)
    const opened = await open()
    const search = searching(() => opened)
    for (let number = 0; number <= last; number++) {
      expect(await search({ words: `doc${number}` })).toHaveLength(5)
      expect(
        await search({ dense: inSpace(number + 1, 3, 1), filter: { documentIds: [`doc_${number}`] } }),
      ).toHaveLength(5)
    }
    const written = await search({ words: 'all', limit: 1_000 })
    expect(await opened.count('org_a', 'documents')).toBe(written.length)
    expect(written.length % 5).toBe(0)
    await opened.upsert('org_a', 'documents', [
      point(`${last + 1}_1`, `all doc${last + 1}`, { documentId: `doc_${last + 1}` }),
    ])
    await opened.removeDocument('org_a', 'documents', `doc_${last + 1}`)
    expect(await opened.count('org_a', 'documents')).toBe((last + 1) * 5)
    next = last + 1
  }
})

it.each([
  ['is gone', (table: string) => rm(table, { recursive: true })],
  ['has lost its versions', (table: string) => rm(join(table, '_versions'), { recursive: true })],
  [
    'has a damaged version',
    async (table: string) => {
      const versions = await readdir(join(table, '_versions'))
      await Promise.all(versions.map((name) => writeFile(join(table, '_versions', name), 'garbage')))
    },
  ],
])('starts and searches by words when a table of vectors %s, and says what to embed again', async (_name, damage) => {
  const organizationId = `org_${_name.replaceAll(' ', '_')}`
  const points = [point('1', 'ada', { dense: inSpace(1, 0) }), point('2', 'bea', { dense: inSpace(0, 1) })]
  const first = await open()
  await first.upsert(organizationId, 'documents', points)
  await first.close()
  const [table = ''] = await readdir(folder)
  await damage(join(folder, table))
  const again = await open()
  const search = searching(() => again, organizationId)
  expect(await search({ words: 'ada', dense: inSpace(1, 0) })).toEqual(['1'])
  expect(await again.pointsWithoutDense(organizationId, 'documents', { model: 'test-embed', limit: 9 })).toEqual([
    'chk_1',
    'chk_2',
  ])
  await again.upsert(organizationId, 'documents', points)
  expect(await search({ dense: inSpace(1, 0) })).toEqual(['1', '2'])
  expect(await again.pointsWithoutDense(organizationId, 'documents', { model: 'test-embed', limit: 9 })).toEqual([])
})
