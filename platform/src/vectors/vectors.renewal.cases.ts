import { describe, expect, it } from 'vitest'
import { inSpace, point, searching } from './points.testing.ts'
import type { Point, Vectors } from './vectors.ts'

/** Documents whose points are written again, one by one and all of them. */
export function describeRewriting(given: () => Vectors): void {
  const search = searching(given)
  const replace = (documentId: string, ...points: Point[]) =>
    given().replaceDocument('org_a', 'documents', { documentId, points })
  const ofX = { documentId: 'doc_x' }

  it('leaves a document the points that take the place of the former ones, and others theirs', async () => {
    await given().upsert('org_a', 'documents', [
      point('1', 'ada', { ...ofX, dense: inSpace(1, 0) }),
      point('2', 'ada', { ...ofX, dense: inSpace(0, 1) }),
      point('3', 'ada', { dense: inSpace(1, 1) }),
    ])
    await given().upsert('org_b', 'documents', [point('2', 'ada', ofX)])
    await replace('doc_x', point('1', 'bea', { ...ofX, dense: inSpace(0, 1) }), point('4', 'bea', ofX))
    expect(await search({ words: 'ada' })).toEqual(['3'])
    expect(await search({ words: 'bea' })).toEqual(['1', '4'])
    expect(await search({ dense: inSpace(0, 1) })).toEqual(['1', '3'])
    expect(await searching(given, 'org_b')({ words: 'ada' })).toEqual(['2'])
    await replace('doc_x')
    expect(await search({ words: 'bea' })).toEqual([])
    expect(await given().count('org_a', 'documents')).toBe(1)
  })

  describe('being made again from the rows', () => {
    const held = async (documentIds: readonly string[]) =>
      new Set(documentIds.filter((documentId) => documentId !== 'doc_gone'))

    it('answers throughout, keeps what cannot be written again, and has nothing of what is gone', async () => {
      const { renewal, upsert, removeDocument } = given()
      await upsert('org_a', 'documents', [
        point('1', 'ada', { ...ofX, dense: inSpace(1, 0) }),
        point('2', 'ada', ofX),
        point('kept', 'ada', { dense: inSpace(1, 2) }),
        point('gone', 'ada', { dense: inSpace(1, 3) }),
        point('removed', 'ada'),
      ])
      await upsert('org_b', 'documents', [point('1', 'ada')])
      await renewal.begin()
      expect(await search({ words: 'ada' })).toEqual(['1', '2', 'gone', 'kept', 'removed'])
      await replace('doc_x', point('1', 'ada bea', { ...ofX, dense: inSpace(1, 0) }))
      await renewal.begin()
      await renewal.carryOver('org_a', 'documents', 'doc_kept')
      await removeDocument('org_a', 'documents', 'doc_removed')
      await upsert('org_a', 'documents', [point('new', 'ada')])
      await given().replaceDocument('org_b', 'documents', { documentId: 'doc_1', points: [point('1', 'ada')] })
      expect(await search({ words: 'bea', filter: { documentIds: ['doc_x'] } })).toEqual(['1'])
      for (const organizationId of ['org_a', 'org_b']) await renewal.settle(organizationId, 'documents', held)
      await renewal.finish()
      expect(await search({ words: 'ada' })).toHaveLength(3)
      expect(new Set(await search({ words: 'ada' }))).toEqual(new Set(['1', 'kept', 'new']))
      expect(await search({ dense: inSpace(1, 2) })).toEqual(['kept', '1'])
      expect(await searching(given, 'org_b')({ words: 'ada' })).toEqual(['1'])
      await renewal.finish()
      expect(await given().count('org_a', 'documents')).toBe(3)
    })
  })
}
