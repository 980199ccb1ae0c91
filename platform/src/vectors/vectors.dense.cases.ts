import { expect, it } from 'vitest'
import { InvalidInput } from '../schema/refusals.ts'
import { inSpace, point, searching } from './points.testing.ts'
import type { Vectors } from './vectors.ts'

/** Search by vectors, and by both. */
export function describeDense(given: () => Vectors): void {
  const search = searching(given)

  it('scores by cosine, whatever the length of the vectors', async () => {
    await given().upsert('org_a', 'documents', [
      point('same', 'x', { dense: inSpace(10, 0) }),
      point('near', 'x', { dense: inSpace(1, 1) }),
      point('across', 'x', { dense: inSpace(0, 3) }),
      point('opposite', 'x', { dense: inSpace(-2, 0) }),
      point('none', 'x'),
    ])
    const found = await given().search('org_a', 'documents', { dense: inSpace(0.1, 0), limit: 9 })
    expect(found.map(({ id }) => id.slice(4))).toEqual(['same', 'near', 'across', 'opposite'])
    for (const [index, score] of [1, Math.SQRT1_2, 0, -1].entries()) expect(found[index]?.score).toBeCloseTo(score, 5)
  })

  it('breaks ties by id and pages through everything once', async () => {
    const points = Array.from({ length: 40 }, (_, index) =>
      point(String(index).padStart(2, '0'), 'x', { dense: inSpace(1, index < 20 ? 0 : index) }),
    )
    await given().upsert('org_a', 'documents', points.toReversed())
    const pages = await Promise.all(
      [0, 15, 30, 45].map((offset) => search({ dense: inSpace(1, 0), limit: 15, offset })),
    )
    expect(pages.flat()).toEqual(points.map(({ id }) => id.slice(4)))
  })

  it('looks in several spaces at once, each a side of its own, while points move from one to another', async () => {
    const formerly = [{ model: 'former-embed', vector: [0, 0, 1] }]
    await given().upsert('org_a', 'documents', [
      point('1', 'ada', { dense: inSpace(1, 0) }),
      point('2', 'ada', { dense: inSpace(1, 1) }),
      point('3', 'bea', { dense: { model: 'former-embed', vector: [0, 0, 2] } }),
      point('4', 'bea', { dense: { model: 'former-embed', vector: [0, 2, 2] } }),
    ])
    await given().upsert('org_b', 'documents', [
      point('5', 'bea', { dense: { model: 'former-embed', vector: [0, 0, 1] } }),
    ])
    const both = await search({ dense: inSpace(1, 0), formerly })
    expect([both.slice(0, 2).toSorted(), both.slice(2).toSorted()]).toEqual([
      ['1', '3'],
      ['2', '4'],
    ])
    expect((await search({ dense: inSpace(1, 0), formerly, words: 'bea' })).toSorted()).toEqual(['1', '2', '3', '4'])
    expect((await search({ dense: inSpace(1, 0), formerly, words: 'bea', limit: 1 }))[0]).toBe('3')
    expect(await search({ dense: inSpace(1, 0), formerly: [{ model: 'unknown', vector: [1] }] })).toEqual(['1', '2'])
  })

  it('finds nothing in a space where nothing is', async () => {
    await given().upsert('org_a', 'documents', [point('1', 'ada', { dense: inSpace(1, 0) })])
    expect(await search({ dense: { model: 'unknown', vector: [1, 0] } })).toEqual([])
    expect(await search({ dense: { model: 'unknown', vector: [1, 0] }, words: 'ada' })).toEqual(['1'])
  })

  it.each([[[1, 0, 0]], [[0, 0]], [[Number.POSITIVE_INFINITY, 1]], [[]]])(
    'refuses to compare with %j',
    async (vector) => {
      await given().upsert('org_a', 'documents', [point('1', 'ada', { dense: inSpace(1, 0) })])
      await expect(search({ dense: inSpace(...vector) })).rejects.toThrow(InvalidInput)
    },
  )

  it('fuses the two rankings by reciprocal ranks', async () => {
    await given().upsert('org_a', 'documents', [
      point('both', 'ada bea', { dense: inSpace(1, 0.5) }),
      point('words', 'ada', { dense: null }),
      point('sense', 'cat', { dense: inSpace(1, 0) }),
    ])
    const found = await given().search('org_a', 'documents', { sparse: ['ada'], dense: inSpace(1, 0), limit: 5 })
    expect(found.map(({ id }) => id.slice(4))).toEqual(['both', 'sense', 'words'])
    for (const [index, score] of [2 / 62, 1 / 61, 1 / 61].entries()) expect(found[index]?.score).toBeCloseTo(score, 6)
  })

  it('shows the same fused order on every page', async () => {
    const points = Array.from({ length: 90 }, (_, index) =>
      point(`${index}`, `ada${' ada'.repeat(index % 7)} w${index % 11}${' x'.repeat(index % 13)}`, {
        dense: index % 3 ? inSpace(1, (index * 37) % 90) : null,
      }),
    )
    await given().upsert('org_a', 'documents', points)
    const query = { words: 'ada w3', dense: inSpace(1, 0) }
    const whole = await search({ ...query, limit: 90 })
    expect(new Set(whole).size).toBe(90)
    const pages = await Promise.all(
      Array.from({ length: 9 }, (_, page) => search({ ...query, limit: 10, offset: page * 10 })),
    )
    expect(pages.flat()).toEqual(whole)
  })
}
