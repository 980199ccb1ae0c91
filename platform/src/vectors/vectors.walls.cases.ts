import { beforeEach, describe, expect, it } from 'vitest'
import { inSpace, point, searching } from './points.testing.ts'
import type { Vectors } from './vectors.ts'

/** Two organisations and two collections whose points even share their ids. */
export function describeWalls(given: () => Vectors): void {
  describe('between organisations and collections', () => {
    const inA = searching(given, 'org_a')
    const inB = searching(given, 'org_b')
    beforeEach(async () => {
      await given().upsert('org_a', 'documents', [point('1', 'ada only_a', { dense: inSpace(1, 0) })])
      await given().upsert('org_b', 'documents', [
        point('1', 'ada only_b', { dense: inSpace(0, 1) }),
        point('2', 'ada bea bea', { dense: inSpace(1, 1) }),
      ])
      await given().upsert('org_a', 'notes', [point('1', 'ada only_notes', { dense: inSpace(1, 2) })])
    })

    it('finds each its own points', async () => {
      expect(await inA({ words: 'ada only_b only_notes bea' })).toEqual(['1'])
      expect(await inA({ words: 'only_b' })).toEqual([])
      expect(await inA({ dense: inSpace(1, 1) })).toEqual(['1'])
      expect(await inA({ words: 'bea', dense: inSpace(1, 1), filter: { documentIds: ['doc_2'] } })).toEqual([])
      expect(await given().count('org_a', 'documents')).toBe(1)
      expect(await given().count('org_c', 'documents')).toBe(0)
      expect(await given().pointsWithoutDense('org_a', 'documents', { model: 'x', limit: 9 })).toEqual(['chk_1'])
    })

    it('scores by its own statistics alone', async () => {
      const before = await given().search('org_a', 'documents', { sparse: ['ada'], limit: 1 })
      await given().upsert(
        'org_b',
        'documents',
        Array.from({ length: 50 }, (_, index) => point(`x${index}`, 'ada ada ada filler')),
      )
      await given().upsert('org_a', 'notes', [point('3', 'ada ada ada filler')])
      expect(await given().search('org_a', 'documents', { sparse: ['ada'], limit: 1 })).toEqual(before)
    })

    it('removes and replaces in one what the other keeps', async () => {
      await given().removeDocument('org_a', 'documents', 'doc_1')
      await given().removeDocument('org_a', 'documents', 'doc_2')
      expect(await inA({ words: 'ada', dense: inSpace(1, 0) })).toEqual([])
      expect(await inB({ words: 'only_b' })).toEqual(['1'])
      expect(await inB({ dense: inSpace(0, 1) })).toEqual(['1', '2'])
      expect(await given().search('org_a', 'notes', { sparse: ['ada'], dense: inSpace(1, 2), limit: 5 })).toHaveLength(
        1,
      )
    })
  })
}
