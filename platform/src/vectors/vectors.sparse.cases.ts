import { expect, it } from 'vitest'
import { InvalidInput } from '../schema/refusals.ts'
import { point, searching, toTerms } from './points.testing.ts'
import type { VectorFilter, Vectors } from './vectors.ts'

/** How an adapter scores. */
export interface Scores {
  /** The length that texts are compared with; null for the mean of those that are there. */
  meanLength: number | null
  /** To how many digits its numbers are exact. */
  digits: number
}

/** BM25 with k1 1.2 and b 0.75 as the books have it, over texts in memory. */
function bm25(
  texts: ReadonlyMap<string, string>,
  words: readonly string[],
  { meanLength }: Scores,
): Map<string, number> {
  const documents = [...texts].map(([id, text]) => ({ id, terms: toTerms(text), length: text.split(' ').length }))
  const mean = meanLength ?? documents.reduce((sum, { length }) => sum + length, 0) / documents.length
  const scores = documents.map(({ id, terms, length }) => {
    const score = words.reduce((sum, word) => {
      const seen = documents.filter((other) => other.terms.has(word)).length
      const times = terms.get(word) ?? 0
      return (
        sum +
        (Math.log(1 + (documents.length - seen + 0.5) / (seen + 0.5)) * times * 2.2) /
          (times + 1.2 * (0.25 + (0.75 * length) / mean))
      )
    }, 0)
    return [id, score] as const
  })
  return new Map(scores.filter(([, score]) => score > 0))
}

/** Search by terms, and what filters do to both sides. */
export function describeSparse(given: () => Vectors, scores: Scores): void {
  describeTerms(given, scores)
  describeOddTerms(given)
  describeFilters(given)
}

function describeTerms(given: () => Vectors, scores: Scores): void {
  const search = searching(given)
  const fill = (texts: Iterable<readonly [string, string]>) =>
    given().upsert(
      'org_a',
      'documents',
      [...texts].map(([id, text]) => point(id, text)),
    )

  it('scores by BM25, exactly', async () => {
    let seed = 7
    const random = (below: number) => (seed = (seed * 16_807) % 2_147_483_647) % below
    const texts = new Map(
      Array.from({ length: 300 }, (_, index) => [
        `${index}`,
        Array.from({ length: 5 + random(60) }, () => `w${random(1 + random(200))}`).join(' '),
      ]),
    )
    await fill(texts)
    for (const words of [
      ['w0', 'w1'],
      ['w3', 'w50', 'w120', 'w3'],
      ['w0', 'w7', 'w8', 'w9', 'w10', 'w11', 'w100', 'nowhere'],
    ]) {
      const expected = [...bm25(texts, words, scores)]
        .sort(([a, x], [b, y]) => y - x || (`chk_${a}` < `chk_${b}` ? -1 : 1))
        .slice(0, 25)
      const found = await given().search('org_a', 'documents', { sparse: words, limit: 25 })
      expect(found.map(({ id }) => id.slice(4))).toEqual(expected.map(([id]) => id))
      for (const [index, { score }] of found.entries())
        expect(score).toBeCloseTo(expected[index]?.[1] ?? 0, scores.digits)
    }
  })

  it('breaks ties by id and pages through them once', async () => {
    const ids = ['d', 'a', 'e', 'c', 'b', 'g', 'f']
    await fill(ids.map((id) => [id, 'same words here']))
    expect(await search({ words: 'same' })).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g'])
    const pages = await Promise.all([0, 3, 6, 9].map((offset) => search({ words: 'same words', limit: 3, offset })))
    expect(pages).toEqual([['a', 'b', 'c'], ['d', 'e', 'f'], ['g'], []])
  })

  it('finds nothing for no terms, unknown terms or in an empty collection', async () => {
    expect(await search({ words: 'ada' })).toEqual([])
    await fill([['1', 'ada']])
    expect(await search({ sparse: [] })).toEqual([])
    expect(await search({ words: 'bea' })).toEqual([])
    expect(await search({})).toEqual([])
    expect(await given().search('org_a', 'other', { sparse: ['ada'], limit: 5 })).toEqual([])
  })

  it('asks the rarest terms of a long question, wherever they stand in it', async () => {
    const common = Array.from({ length: 300 }, (_, index) => `w${index}`)
    await fill([
      ...Array.from({ length: 20 }, (_, index) => [`${index}`, common.join(' ')] as const),
      ['needle', 'extraordinary'],
    ])
    const words = common.toSpliced(150, 0, 'extraordinary').join(' ')
    const found = await given().search('org_a', 'documents', { sparse: words.split(' '), limit: 50 })
    const alone = await given().search('org_a', 'documents', { sparse: ['extraordinary'], limit: 50 })
    expect(found.find(({ id }) => id === 'chk_needle')).toEqual(alone[0])
    expect(found).toHaveLength(21)
    const fewer = await given().search('org_a', 'documents', { sparse: common.slice(0, 31), limit: 1 })
    expect(found.at(-1)?.score).toBeCloseTo(fewer[0]?.score ?? 0, 4)
  })

  it.each([{ limit: 0 }, { limit: 1.5 }, { limit: 100_000 }, { limit: 5, offset: -1 }])(
    'refuses the page %j',
    async (page) => {
      await expect(given().search('org_a', 'documents', { sparse: ['ada'], ...page })).rejects.toThrow(InvalidInput)
    },
  )
}

function describeOddTerms(given: () => Vectors): void {
  const search = searching(given)

  it.each([
    "l'été",
    'a"b',
    'back\\slash',
    '{a,b}',
    'NULL',
    '%',
    '東京',
    '😀',
    "'; drop table platform.vector_point; --",
  ])('takes the term %s as it is', async (term) => {
    await given().upsert('org_a', 'documents', [
      point('1', '', {
        terms: new Map([
          [term, 2],
          ['other', 1],
        ]),
      }),
      point('2', 'other'),
    ])
    expect(await search({ sparse: [term] })).toEqual(['1'])
    await given().removeDocument('org_a', 'documents', 'doc_1')
    expect(await search({ sparse: [term, 'other'] })).toEqual(['2'])
  })

  it('finds by very long terms, which it may cut', async () => {
    const key = 'k'.repeat(20_000)
    await given().upsert('org_a', 'documents', [point('1', key), point('2', 'other')])
    expect(await search({ words: key })).toEqual(['1'])
  })

  it('keeps points without terms', async () => {
    await given().upsert('org_a', 'documents', [point('1', '', { terms: new Map() }), point('2', 'ada')])
    expect(await given().count('org_a', 'documents')).toBe(2)
    expect(await search({ words: 'ada' })).toEqual(['2'])
  })
}

function describeFilters(given: () => Vectors): void {
  const search = searching(given)
  const january = new Date('2026-01-01T00:00:00Z')
  const march = new Date('2026-03-01T00:00:00Z')
  const filters: [string, VectorFilter, string[]][] = [
    ['documents', { documentIds: ['doc_1', 'doc_3', "doc_'x"] }, ['1', '3']],
    ['content types', { contentTypes: ['text/html'] }, ['2']],
    ['kinds', { kinds: ['INVOICE', "it's"] }, ['1', '3']],
    ['a first day, which counts', { createdAfter: march }, ['3']],
    ['an end, which does not', { createdBefore: march }, ['1', '2']],
    [
      'several things together',
      { kinds: ['INVOICE'], createdAfter: january, createdBefore: march, documentIds: ['doc_1', 'doc_2'] },
      ['1'],
    ],
    ['no kinds at all', { kinds: [] }, []],
    ['no documents at all', { documentIds: [] }, []],
    ['nothing', {}, ['1', '2', '3']],
  ]
  it.each(filters)('filters both sides by %s, and scores as without a filter', async (_name, filter, expected) => {
    const space = (far: number) => ({ model: 'test-embed', vector: [1, far] })
    await given().upsert('org_a', 'documents', [
      point('1', 'ada bea', { kind: 'INVOICE', createdAt: january, dense: space(0) }),
      point('2', 'ada cat dog', { contentType: 'text/html', createdAt: january, dense: space(0.1) }),
      point('3', 'ada dog eel fox', { kind: "it's", createdAt: march, dense: space(0.2) }),
    ])
    const all = new Map(
      (await given().search('org_a', 'documents', { sparse: ['ada'], limit: 5 })).map(({ id, score }) => [id, score]),
    )
    const found = await given().search('org_a', 'documents', { sparse: ['ada'], filter, limit: 5 })
    expect(found.map(({ id }) => id.slice(4))).toEqual(expected)
    for (const { id, score } of found) expect(score).toBe(all.get(id))
    expect(await search({ dense: space(0), filter })).toEqual(expected)
    expect(await search({ dense: space(0), words: 'ada', filter })).toEqual(expected)
  })
}
