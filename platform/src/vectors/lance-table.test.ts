import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Connection } from '@lancedb/lancedb'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { toLanceFilter } from './lance-filter.ts'
import type { DensePoint } from './lance-rows.ts'
import { createDenseTable } from './lance-table.ts'
import { point } from './points.testing.ts'

let folder = ''
let connection: Connection
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-lance-'))
  connection = await connect(folder)
})
afterEach(async () => {
  connection.close()
  await rm(folder, { recursive: true })
})

const dimensions = 16
let seed = 11
const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647 - 0.5
const randomVector = () => Array.from({ length: dimensions }, random)

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, index) => sum + value * (y[index] ?? 0), 0)
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
}

function densePoint(id: string, vector: readonly number[]): DensePoint {
  const { dense: _none, ...facts } = point(id, 'x', { documentId: `doc_${Number(id) % 20}` })
  return { ...facts, vector }
}

it('answers the same from its index as from comparing everything, with true cosines', async () => {
  const dense = await createDenseTable({ connection, folder, name: 'space', exactUpTo: 400 }, dimensions)
  const points = Array.from({ length: 1_200 }, (_, index) => densePoint(String(index), randomVector()))
  for (let start = 0; start < points.length; start += 30) await dense.upsert(points.slice(start, start + 30))
  await dense.removeIds(['chk_7'])
  expect(await (await connection.openTable('space')).listIndices()).toHaveLength(1)
  for (const filter of [undefined, { documentIds: ['doc_3', 'doc_5'] }]) {
    const asked = randomVector()
    const expected = points
      .filter(({ id, documentId }) => id !== 'chk_7' && (!filter || filter.documentIds.includes(documentId)))
      .map(({ id, vector }) => ({ id, score: cosine(asked, vector) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, 10)
    const found = await dense.search(asked, { filter, limit: 10 })
    expect(found.map(({ id }) => id)).toEqual(expected.map(({ id }) => id))
    for (const [index, { score }] of found.entries()) expect(score).toBeCloseTo(expected[index]?.score ?? 0, 4)
  }
})

it('has one row of a point that many calls write at the same time', async () => {
  const dense = await createDenseTable({ connection, folder, name: 'space' }, dimensions)
  await Promise.all(Array.from({ length: 20 }, () => dense.upsert([densePoint('1', randomVector())])))
  expect(await (await connection.openTable('space')).countRows()).toBe(1)
})

it('writes filters in which a value never becomes part of the statement', () => {
  expect(toLanceFilter({ kinds: ["a' OR 'a'='a"], documentIds: [] })).toBe("false AND kind IN ('a'' OR ''a''=''a')")
  expect(toLanceFilter({})).toBeNull()
})
