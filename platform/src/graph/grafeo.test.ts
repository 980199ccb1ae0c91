import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import grafeo from '@grafeo-db/js'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createLog } from '../log/log.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import { day, document, mention } from './facts.testing.ts'
import { openGrafeo } from './grafeo.ts'
import type { Graph } from './graph.ts'

let folder = ''
let path = ''
let opened: Graph[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-grafeo-'))
  path = join(folder, 'graph.grafeo')
})
afterEach(async () => {
  await Promise.all(opened.map((graph) => graph.close()))
  opened = []
  await rm(folder, { recursive: true })
})

async function open(): Promise<Graph> {
  const graph = await openGrafeo({ path, log: createLog({ name: 'graph', level: 'silent' }) })
  opened.push(graph)
  return graph
}

/** Lets another process write until it has acknowledged so many documents more, kills it, and answers the last one acknowledged. */
async function writeAndKill(first: number, acknowledgements: number): Promise<number> {
  const writer = spawn(
    process.execPath,
    [fileURLToPath(new URL('grafeo.writer.testing.ts', import.meta.url)), path, String(first)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let last = first - 1
  for await (const line of createInterface({ input: writer.stdout })) {
    last = Number(line)
    if (last === first + acknowledgements - 1) writer.kill('SIGKILL')
  }
  return last
}

it('has every acknowledged document, whole, after each kill -9', async () => {
  let next = 0
  for (const acknowledgements of [1, 23, 57, 110]) {
    const last = await writeAndKill(next, acknowledgements)
    expect(last).toBeGreaterThanOrEqual(next + acknowledgements - 1)
    const graph = await open()
    const position = Number(await graph.applied('org_a', 'documents'))
    expect(position).toBeGreaterThanOrEqual(last)
    for (let number = 0; number <= position; number++)
      expect(await graph.countEntitiesOfDocument('org_a', { documentId: `doc_${number}` })).toBe(40)
    expect([0, 40]).toContain(await graph.countEntitiesOfDocument('org_a', { documentId: `doc_${position + 1}` }))
    await graph.close()
    next = position + 1
  }
})

it.each([
  ['cut short', () => truncate(path, 5_000)],
  ['empty', () => writeFile(path, '')],
  ['of something else', () => writeFile(path, 'not a graph'.repeat(1_000))],
])('starts with an empty graph and its consumers at the beginning when its file is %s', async (_name, damage) => {
  const graph = await open()
  await graph.recordDocument('org_a', document('1', ['ada']))
  await graph.setApplied('org_a', 'documents', '5')
  await graph.close()
  await damage()
  const damaged = await readFile(path)
  await expectFreshStart()
  expect(await readFile(`${path}.damaged`)).toEqual(damaged)
})

it('starts with an empty graph when the log of a killed process is damaged in the middle', async () => {
  await writeAndKill(0, 60)
  const [name = ''] = await readdir(`${path}.wal`)
  const log = await readFile(join(`${path}.wal`, name))
  log[log.length >> 1] = ~(log[log.length >> 1] ?? 0) & 0xff
  await writeFile(join(`${path}.wal`, name), log)
  await expectFreshStart()
  expect(await readFile(join(`${path}.wal.damaged`, name))).toEqual(log)
})

async function expectFreshStart(): Promise<void> {
  const graph = await open()
  expect(await graph.applied('org_a', 'documents')).toBe('0')
  expect(await graph.countEntities('org_a', {})).toBe(0)
  await graph.recordDocument('org_a', document('1', ['ada']))
  expect(await graph.countEntities('org_a', {})).toBe(1)
}

it.each([0, 1])('leaves a good file alone where only %i more can be opened', async (spare) => {
  const graph = await open()
  await graph.recordDocument('org_a', document('1', ['ada']))
  await graph.close()
  expect(await openPoor(spare)).toBe('EngineUnavailable')
  expect((await readdir(folder)).filter((name) => name.endsWith('.damaged'))).toEqual([])
  expect(await (await open()).countEntities('org_a', {})).toBe(1)
})

/** What another process says of opening the graph that has used up all its file descriptors but some. */
async function openPoor(spare: number): Promise<string> {
  const script = fileURLToPath(new URL('grafeo.poor.testing.ts', import.meta.url))
  const { stdout } = await promisify(execFile)('sh', [
    '-c',
    'ulimit -n 128 && exec "$@"',
    'sh',
    process.execPath,
    script,
    path,
    String(spare),
  ])
  return stdout
}

it('leaves the file alone while another process holds it', async () => {
  const graph = await open()
  await graph.recordDocument('org_a', document('1', ['ada']))
  await expect(open()).rejects.toThrow(EngineUnavailable)
  expect(await graph.countEntities('org_a', {})).toBe(1)
})

it('is unavailable once closed', async () => {
  const graph = await open()
  await graph.close()
  await expect(graph.countEntities('org_a', {})).rejects.toThrow(EngineUnavailable)
  await expect(graph.recordDocument('org_a', document('1', ['ada']))).rejects.toThrow(EngineUnavailable)
})

it('keeps with each mention the strongest that its document says of the entity', async () => {
  const graph = await open()
  const facts = [
    mention('ada', { relation: 'ABOUT' }),
    mention('ada', { relation: 'WRITTEN_BY', confidence: 0.5 }),
    'bea',
  ]
  await graph.recordDocument('org_a', document('1', facts))
  await graph.close()
  const db = grafeo.GrafeoDB.create(path)
  const result = await db.executeCypher(
    'MATCH (d:Document)-[m:MENTIONS]->(e:Entity) RETURN e.name AS name, m.relation AS relation ORDER BY name',
  )
  expect(result.toArray()).toEqual([
    { name: 'ada', relation: 'WRITTEN_BY' },
    { name: 'bea', relation: 'MENTIONS' },
  ])
  db.close()
})

it('has nothing in any file of what was forgotten once it has been compacted, and serves meanwhile', async () => {
  const graph = await open()
  const words = Array.from({ length: 200 }, (_, number) => `zoe-canari-${number}`)
  await graph.recordDocument('org_a', document('1', words))
  await graph.recordDocument('org_a', document('2', ['otto']))
  await graph.compact()
  await writeFile(`${path}.damaged`, 'zoe-canari')
  await graph.forgetDocument('org_a', 'doc_1')
  const [, found] = await Promise.all([
    graph.compact(),
    Promise.all(Array.from({ length: 20 }, () => graph.loadEntities('org_a', ['ent_otto']))),
    graph.recordDocument('org_a', document('3', ['bea'])),
  ])
  expect(found.map((entities) => entities.length)).toEqual(Array.from({ length: 20 }, () => 1))
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((file) => file.isFile())
  const bytes = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name))))
  expect(files.map(({ name }) => name)).toContain('graph.grafeo')
  expect(files.filter((_file, at) => bytes[at]?.includes('zoe-canari')).map(({ name }) => name)).toEqual([])
  expect((await graph.loadEntities('org_a', ['ent_otto', 'ent_bea'])).map(({ name }) => name).toSorted()).toEqual([
    'bea',
    'otto',
  ])
  await graph.close()
  expect(await (await open()).loadEntities('org_a', ['ent_otto', 'ent_bea'])).toHaveLength(2)
})

it('has everything written again when what it holds was written in another shape', async () => {
  const graph = await open()
  await graph.recordDocument('org_a', document('1', ['ada']))
  await graph.setApplied('org_a', 'documents', '5')
  await graph.close()
  const db = grafeo.GrafeoDB.create(path)
  await db.executeCypher("MATCH (a:Applied) SET a.position = '5'")
  await db.executeCypher("MATCH (d:Document) SET d.version = '1', d.at = null")
  db.close()
  const later = await open()
  expect(await later.applied('org_a', 'documents')).toBe('0')
  await later.recordDocument('org_a', document('1', ['ada']))
  expect(await later.listDocuments('org_a', { after: null, limit: 5 })).toEqual([
    { id: 'doc_1', at: day(1), mentions: 1 },
  ])
})
