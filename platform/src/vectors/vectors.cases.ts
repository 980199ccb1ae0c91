import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InvalidInput } from '../schema/refusals.ts'
import { inSpace, point, searching } from './points.testing.ts'
import { describeCompaction } from './vectors.compaction.cases.ts'
import { describeDense } from './vectors.dense.cases.ts'
import { describeRewriting } from './vectors.renewal.cases.ts'
import { describeSparse, type Scores } from './vectors.sparse.cases.ts'
import { describeWalls } from './vectors.walls.cases.ts'
import type { Point, Vectors } from './vectors.ts'

export interface VectorStore {
  open(): Promise<Vectors>
  destroy(): Promise<void>
  /** Of an engine that is embedded: where its files are. */
  folder?: string
}

/** What every adapter of the vectors port does. `prepare` makes an empty store. */
export function describeVectors(
  name: string,
  prepare: () => Promise<VectorStore>,
  scores: Scores = { meanLength: null, digits: 6 },
): void {
  describe(`the search index on ${name}`, () => {
    let store: VectorStore
    let vectors: Vectors
    beforeEach(async () => {
      store = await prepare()
      vectors = await store.open()
    })
    afterEach(async () => {
      await vectors.close()
      await store.destroy()
    })
    describeWrites(() => vectors)
    describeLoad(() => vectors)
    describeRefusals(() => vectors)
    describeSparse(() => vectors, scores)
    describeDense(() => vectors)
    describeWalls(() => vectors)
    describeRewriting(() => vectors)
    describeCompaction(
      () => vectors,
      () => store.folder,
    )

    it('is well', async () => expect(await vectors.health()).toBeUndefined())

    it('keeps what was written over a restart', async () => {
      await vectors.upsert('org_a', 'documents', [point('1', 'ada', { dense: inSpace(1, 0) })])
      await vectors.close()
      vectors = await store.open()
      const search = searching(() => vectors)
      expect(await search({ words: 'ada' })).toEqual(['1'])
      expect(await search({ dense: inSpace(1, 0) })).toEqual(['1'])
      expect(await vectors.count('org_a', 'documents')).toBe(1)
    })
  })
}

function describeWrites(given: () => Vectors): void {
  const search = searching(given)
  const upsert = (...points: Point[]) => given().upsert('org_a', 'documents', points)

  it('replaces a point whole', async () => {
    await upsert(point('1', 'ada bea', { documentId: 'doc_x', dense: inSpace(1, 0) }))
    await upsert(point('1', 'bea cat', { documentId: 'doc_y', dense: inSpace(0, 1), kind: 'INVOICE' }))
    expect(await search({ words: 'ada' })).toEqual([])
    expect(await given().search('org_a', 'documents', { sparse: ['cat'], limit: 5 })).toMatchObject([
      { id: 'chk_1', documentId: 'doc_y' },
    ])
    expect(await given().search('org_a', 'documents', { dense: inSpace(0, 1), limit: 5 })).toEqual([
      { id: 'chk_1', documentId: 'doc_y', score: 1 },
    ])
    expect(await search({ words: 'bea', filter: { kinds: ['INVOICE'] } })).toEqual(['1'])
    expect(await given().count('org_a', 'documents')).toBe(1)
  })

  it('takes a vector away when a point comes without one or in another space', async () => {
    await upsert(
      point('1', 'ada', { dense: inSpace(1, 0) }),
      point('2', 'bea', { dense: inSpace(1, 0) }),
      point('3', 'cat'),
    )
    await upsert(point('1', 'ada'), point('2', 'bea', { dense: { model: 'other', vector: [1, 0, 0] } }))
    expect(await search({ dense: inSpace(1, 0) })).toEqual([])
    expect(await search({ dense: { model: 'other', vector: [1, 0, 0] } })).toEqual(['2'])
    expect(await given().pointsWithoutDense('org_a', 'documents', { model: 'other', limit: 9 })).toEqual([
      'chk_3',
      'chk_1',
    ])
    expect(await given().pointsWithoutDense('org_a', 'documents', { model: 'third', limit: 2 })).toHaveLength(2)
  })

  it('removes every point of a document from both sides, once or twice', async () => {
    await upsert(
      point('1', 'ada', { documentId: 'doc_x', dense: inSpace(1, 0) }),
      point('2', 'ada bea', { documentId: 'doc_x' }),
    )
    await upsert(point('3', 'ada', { dense: inSpace(0, 1) }))
    await given().removeDocument('org_a', 'documents', 'doc_x')
    await given().removeDocument('org_a', 'documents', 'doc_x')
    await given().removeDocument('org_a', 'documents', 'doc_unknown')
    expect(await search({ words: 'ada bea' })).toEqual(['3'])
    expect(await search({ dense: inSpace(1, 0) })).toEqual(['3'])
    expect(await given().count('org_a', 'documents')).toBe(1)
  })

  it('scores as if what was removed or replaced had never been there', async () => {
    await upsert(point('1', 'ada bea'), point('2', 'bea cat cat'))
    const before = await given().search('org_a', 'documents', { sparse: ['ada', 'bea', 'cat'], limit: 5 })
    await upsert(
      point('1', 'something very much longer about bea'),
      ...Array.from({ length: 30 }, (_, index) => point(`x${index}`, 'bea dog', { documentId: 'doc_x' })),
    )
    await upsert(point('1', 'ada bea'))
    await given().removeDocument('org_a', 'documents', 'doc_x')
    expect(await given().search('org_a', 'documents', { sparse: ['ada', 'bea', 'cat'], limit: 5 })).toEqual(before)
  })

  it('takes the last of a point that comes twice in one call', async () => {
    await upsert(point('1', 'ada', { dense: inSpace(1, 0) }), point('1', 'bea', { dense: inSpace(0, 1) }))
    expect(await search({ words: 'ada bea' })).toEqual(['1'])
    expect(await search({ words: 'ada' })).toEqual([])
    expect((await given().search('org_a', 'documents', { dense: inSpace(0, 1), limit: 5 }))[0]?.score).toBe(1)
  })
}

function describeLoad(given: () => Vectors): void {
  const search = searching(given)
  const upsert = (...points: Point[]) => given().upsert('org_a', 'documents', points)

  it('loses nothing when many documents are written, replaced and removed at the same time', async () => {
    const pointsOf = (number: number) =>
      Array.from({ length: 15 }, (_, index) =>
        point(`${number}_${index}`, `all doc${number} w${index} w${(number * 7 + index) % 40}`, {
          documentId: `doc_${number}`,
          dense: inSpace(number, index + 1),
        }),
      )
    const numbers = Array.from({ length: 16 }, (_, number) => number)
    await Promise.all(numbers.map((number) => upsert(...pointsOf(number))))
    await Promise.all(
      numbers.map((number) =>
        number % 2
          ? given().removeDocument('org_a', 'documents', `doc_${number}`)
          : upsert(...pointsOf(number).reverse()),
      ),
    )
    expect(await given().count('org_a', 'documents')).toBe(120)
    expect((await search({ words: 'all', limit: 500 })).length).toBe(120)
    expect((await search({ dense: inSpace(1, 1), limit: 500 })).length).toBe(120)
    expect(await search({ words: 'doc3' })).toEqual([])
    await Promise.all(numbers.map((number) => given().removeDocument('org_a', 'documents', `doc_${number}`)))
    expect(await search({ words: 'all' })).toEqual([])
    expect(await given().count('org_a', 'documents')).toBe(0)
  })

  it('takes a long document at once', async () => {
    const long = Array.from({ length: 1_500 }, (_, index) =>
      point(`${index}`, Array.from({ length: 60 }, (_, word) => `w${(index * 31 + word * word) % 4_000}`).join(' '), {
        documentId: 'doc_long',
      }),
    )
    await upsert(...long, point('needle', 'needle'))
    expect(await given().count('org_a', 'documents')).toBe(1_501)
    expect(await search({ words: 'needle' })).toEqual(['needle'])
    await given().removeDocument('org_a', 'documents', 'doc_long')
    expect(await search({ words: 'w0 w1 w2 needle' })).toEqual(['needle'])
  })
}

function describeRefusals(given: () => Vectors): void {
  const search = searching(given)
  const upsert = (...points: Point[]) => given().upsert('org_a', 'documents', points)

  it.each([
    ['an empty term', { terms: new Map([['', 1]]) }],
    ['a term with a NUL', { terms: new Map([['a\0b', 1]]) }],
    ['a term that occurs half a time', { terms: new Map([['ada', 0.5]]) }],
    ['a vector that is all zero', { dense: inSpace(0, 0) }],
    ['a vector that is no number', { dense: inSpace(Number.NaN, 1) }],
    ['a vector of another size', { dense: inSpace(1, 2, 3) }],
    ['an empty vector', { dense: inSpace() }],
  ])('refuses %s and writes nothing', async (_name, facts) => {
    await upsert(point('first', 'ada', { dense: inSpace(1, 0) }))
    await expect(upsert(point('1', 'bea'), point('2', 'bea', facts))).rejects.toThrow(InvalidInput)
    expect(await given().count('org_a', 'documents')).toBe(1)
    expect(await search({ words: 'bea' })).toEqual([])
  })
}
