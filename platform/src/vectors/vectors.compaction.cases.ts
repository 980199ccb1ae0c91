import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { point, searching } from './points.testing.ts'
import type { Vectors } from './vectors.ts'

/** Some numbers that stand nowhere else, as a vector. */
const vectorOf = (number: number, model = 'wide-embed') => ({
  model,
  vector: Array.from({ length: 64 }, (_, index) => Math.fround(Math.sin(1 + number * 64 + index))),
})

/** What is left of removed vectors; `folder` answers where an embedded engine keeps its files. */
export function describeCompaction(given: () => Vectors, folder: () => string | undefined): void {
  const search = searching(given)

  /** How many files hold the vector as numbers of four bytes. */
  async function filesWith({ vector }: { vector: number[] }): Promise<number> {
    const path = folder()
    if (path === undefined) return 0
    const bytes = Buffer.from(new Float32Array(vector).buffer)
    const entries = await readdir(path, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
    const holding = await Promise.all(files.map(async (file) => (await readFile(file)).includes(bytes)))
    return holding.filter(Boolean).length
  }

  it.each([
    ['one of many', 40],
    ['all but one', 2],
  ])('has no byte left of the vectors of %s that was removed', async (_name, documents) => {
    const points = Array.from({ length: documents }, (_, number) =>
      point(`${number}`, `ada w${number}`, { documentId: `doc_${number}`, dense: vectorOf(number) }),
    )
    await given().upsert('org_a', 'documents', points)
    await given().upsert('org_b', 'documents', [point('other', 'ada', { dense: vectorOf(1_000) })])
    const kept = folder() === undefined ? 0 : 1
    expect(await filesWith(vectorOf(1))).toBe(kept)
    await given().removeDocument('org_a', 'documents', 'doc_1')
    const [, meanwhile] = await Promise.all([given().compact('org_a'), search({ dense: vectorOf(0) })])
    expect(meanwhile[0]).toBe('0')
    expect([await filesWith(vectorOf(1)), await filesWith(vectorOf(0))]).toEqual([0, kept])
    expect(await search({ dense: vectorOf(0) })).toHaveLength(documents - 1)
    expect(await search({ words: 'w1' })).toEqual([])
    expect(await searching(given, 'org_b')({ dense: vectorOf(1_000) })).toEqual(['other'])
    await given().compact('org_a')
    expect(await filesWith(vectorOf(0))).toBe(kept)
  })

  it('has nothing left of a former model and of an organisation that is no more, and takes both again', async () => {
    const former = vectorOf(1, 'former-wide-embed')
    await given().upsert('org_a', 'documents', [point('1', 'ada', { dense: former })])
    await given().upsert('org_a', 'documents', [point('1', 'ada', { dense: vectorOf(2) })])
    const tables = async () => (folder() === undefined ? 0 : (await readdir(folder() ?? '')).length)
    await given().compact('org_a')
    expect(await filesWith(former)).toBe(0)
    expect(await search({ dense: vectorOf(2) })).toEqual(['1'])
    expect(await tables()).toBe(folder() === undefined ? 0 : 1)
    await given().removeDocument('org_a', 'documents', 'doc_1')
    await given().compact('org_a')
    expect(await filesWith(vectorOf(2))).toBe(0)
    expect(await tables()).toBe(0)
    await given().compact('org_unknown')
    expect(await search({ dense: vectorOf(2) })).toEqual([])
    await given().upsert('org_a', 'documents', [point('2', 'ada', { dense: vectorOf(3) })])
    await given().upsert('org_a', 'documents', [point('3', 'ada', { dense: former })])
    expect([await search({ dense: vectorOf(3) }), await search({ dense: former })]).toEqual([['2'], ['3']])
  })

  it('loses nothing that is written while it compacts', async () => {
    const numbers = Array.from({ length: 12 }, (_, number) => number)
    await Promise.all(
      numbers.flatMap((number) => [
        given().upsert('org_a', 'documents', [point(`${number}`, 'ada', { dense: vectorOf(number) })]),
        given().compact('org_a'),
      ]),
    )
    expect(await search({ dense: vectorOf(0) })).toHaveLength(12)
  })
}
