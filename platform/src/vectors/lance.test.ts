import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rename, rm, stat, symlink, truncate, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createLog } from '../log/log.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import { openLance, type DenseSide } from './lance.ts'
import { formerTableName, tableName, type SpaceName } from './lance-names.ts'
import type { DensePoint } from './lance-rows.ts'
import { point } from './points.testing.ts'

const space: SpaceName = { organizationId: 'org_a', collection: 'documents', model: 'test-embed' }
let folder = ''
let table = ''
let versions = ''
let opened: DenseSide[] = []
let missing: SpaceName[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-lance-'))
  table = join(folder, `${tableName(space)}.lance`)
  versions = join(table, '_versions')
  const dense = await open()
  await (await dense.findOrCreate(space, 2)).upsert([densePoint('1')])
  await dense.close()
  missing = []
})
afterEach(async () => {
  await Promise.all(opened.map((dense) => dense.close()))
  opened = []
  await rm(folder, { recursive: true })
})

async function open(): Promise<DenseSide> {
  const dense = await openLance({
    folder,
    log: createLog({ name: 'vectors', level: 'silent' }),
    onMissing: async (lost) => void missing.push(lost),
    listSpaces: () => Promise.resolve([space]),
  })
  opened.push(dense)
  return dense
}

function densePoint(id: string): DensePoint {
  const { dense: _none, ...facts } = point(id, 'x')
  return { ...facts, vector: [1, 0] }
}

async function idsIn(dense: DenseSide, asked = space): Promise<string[]> {
  const found = await (await dense.find(asked))?.search([1, 0], { filter: undefined, limit: 9 })
  return (found ?? []).map(({ id }) => id)
}

async function eachVersion(change: (path: string) => Promise<void>): Promise<void> {
  for (const name of await readdir(versions)) if (name.endsWith('.manifest')) await change(join(versions, name))
}

it.each<[string, () => Promise<void>]>([
  ['are gone', () => rm(versions, { recursive: true })],
  ['are empty', () => eachVersion((path) => writeFile(path, ''))],
  ['are of something else', () => eachVersion((path) => writeFile(path, 'garbage'.repeat(500)))],
  ['are cut short', () => eachVersion(async (path) => truncate(path, (await stat(path)).size >> 1))],
  ['are all zero', () => eachVersion(async (path) => writeFile(path, Buffer.alloc((await stat(path)).size)))],
])('puts a table aside whose versions %s, and tells of it', async (_name, damage) => {
  await damage()
  const dense = await open()
  expect(await dense.find(space)).toBeNull()
  expect(missing).toEqual([space])
  expect(await readdir(folder)).toEqual([`${tableName(space)}.lance.damaged`])
  await (await dense.findOrCreate(space, 2)).upsert([densePoint('2')])
  expect(await idsIn(dense)).toEqual(['chk_2'])
})

it.each<[string, (path: string) => Promise<void>]>([
  ['cut short', async (path) => truncate(path, (await stat(path)).size >> 1)],
  ['of something else', async (path) => writeFile(path, Buffer.alloc((await stat(path)).size))],
])(
  'puts a table aside once it is seen that its data is %s, and an erasure ends all the same',
  async (_name, damage) => {
    for (const name of await readdir(join(table, 'data'))) await damage(join(table, 'data', name))
    const dense = await open()
    await expect(idsIn(dense)).rejects.toThrow(EngineUnavailable)
    expect(await readdir(folder)).toEqual([`${tableName(space)}.lance.damaged`])
    expect(await idsIn(dense)).toEqual([])
    expect(missing).toEqual([space])
    await (await dense.findOrCreate(space, 2)).upsert([densePoint('2')])
    await dense.compact('org_a')
    expect(await readdir(folder)).toEqual([`${tableName(space)}.lance`])
    expect(await idsIn(dense)).toEqual(['chk_2'])
  },
)

it('leaves a good table alone where no more files can be opened', async () => {
  const script = fileURLToPath(new URL('lance.poor.testing.ts', import.meta.url))
  const limited = ['-c', 'ulimit -n 128 && exec "$@"', 'sh', process.execPath, script, folder, JSON.stringify(space)]
  expect((await promisify(execFile)('sh', limited)).stdout).toBe('EngineUnavailable')
  expect(await readdir(folder)).toEqual([`${tableName(space)}.lance`])
  expect(await idsIn(await open())).toEqual(['chk_1'])
  expect(missing).toEqual([])
})

it.each<[string, () => string]>([
  ['its versions', () => versions],
  ['the table', () => table],
])('finds a table again once the system lets it see %s', async (_name, path) => {
  await rename(path(), join(folder, 'away'))
  await symlink(path(), path())
  const dense = await open()
  await expect(dense.find(space)).rejects.toThrow(EngineUnavailable)
  expect(missing).toEqual([])
  await unlink(path())
  await rename(join(folder, 'away'), path())
  expect(await idsIn(dense)).toEqual(['chk_1'])
  expect(await readdir(folder)).toEqual([`${tableName(space)}.lance`])
})

it('goes on with a table that has the name of former times', async () => {
  await rename(table, join(folder, `${formerTableName(space)}.lance`))
  expect(await idsIn(await open())).toEqual(['chk_1'])
  expect(await readdir(folder)).toEqual([`${tableName(space)}.lance`])
})

it('removes what was put aside and tables of former times that nobody needs, and keeps those of others', async () => {
  const others = { ...space, organizationId: 'org_b' }
  const emptied = { ...space, organizationId: 'org_c' }
  const dense = await open()
  await (await dense.findOrCreate(others, 2)).upsert([densePoint('2')])
  await (await dense.findOrCreate(emptied, 2)).upsert([densePoint('3')])
  await (await dense.find(emptied))?.removeIds(['chk_3'])
  await dense.close()
  for (const each of [others, emptied])
    await rename(join(folder, `${tableName(each)}.lance`), join(folder, `${formerTableName(each)}.lance`))
  await writeFile(`${table}.damaged`, 'put aside')
  await writeFile(join(folder, `${formerTableName(space)}.lance.damaged`), 'put aside')
  const again = await open()
  await again.compact('org_a')
  expect((await readdir(folder)).toSorted()).toEqual(
    [`${tableName(space)}.lance`, `${formerTableName(others)}.lance`].toSorted(),
  )
  expect([await idsIn(again), await idsIn(again, others)]).toEqual([['chk_1'], ['chk_2']])
})
