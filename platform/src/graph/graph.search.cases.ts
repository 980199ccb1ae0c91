import { expect, it } from 'vitest'
import { InvalidInput } from '../schema/refusals.ts'
import { document, mention } from './facts.testing.ts'
import type { EntityQuery, Graph } from './graph.ts'

/** Finding entities by name, key and type, and in pages. */
export function describeSearch(given: () => Graph): void {
  const find = async (query: Partial<EntityQuery>) => {
    const { entities } = await given().findEntities('org_a', { limit: 100, offset: 0, ...query })
    expect(await given().countEntities('org_a', query)).toBe(entities.length)
    return entities.map(({ name }) => name)
  }

  it.each([
    ['lyon', 'Société Générale de Lyon'],
    ['GÉNÉRALE', 'Société Générale de Lyon'],
    ['generale  de', 'Société Générale de Lyon'],
    ['oeuvre', "Cœuvre d'Or"],
    ['coeuvre dor', "Cœuvre d'Or"],
    ['6A 1234-5678', '6A12345678901'],
    ['56789 01', '6A12345678901'],
  ])('finds by any part of a name or key, whatever the accents and spaces: %s', async (search, name) => {
    const found = [mention('sgl', { name: 'Société Générale de Lyon' }), mention('or', { name: "Cœuvre d'Or" })]
    const tracking = mention('track', {
      type: 'IDENTIFIER',
      kind: 'TRACKING_NUMBER',
      key: 'TRACKING_NUMBER:6A12345678901',
      name: '6A12345678901',
    })
    await given().recordDocument('org_a', document('1', [...found, tracking, 'other']))
    expect(await find({ search })).toEqual([name])
  })

  it('finds by an alias', async () => {
    await given().recordDocument('org_a', document('1', [mention('edf', { name: 'EDF' })]))
    await given().recordDocument('org_a', document('2', [mention('edf', { name: 'Électricité de France' })]))
    expect(await find({ search: 'electricite' })).toEqual(['EDF'])
  })

  it.each(['%', '.*', "' OR 1=1 //", '"', '\\', '_', '$organizationId', '\n', '東京', '½'])(
    'takes %j as it is written',
    async (search) => {
      await given().recordDocument('org_a', document('1', ['ada', mention('odd', { name: `x${search}y` })]))
      const blank = search.trim() === ''
      expect(await find({ search })).toEqual(blank ? ['ada', `x${search}y`] : [`x${search}y`])
    },
  )

  it('shows the best known first, then by name', async () => {
    await given().recordDocument('org_a', document('1', ['bea', 'ada', 'zoe']))
    await given().recordDocument('org_a', document('2', ['zoe']))
    expect(await find({})).toEqual(['zoe', 'ada', 'bea'])
  })

  it('keeps to the types asked for, and an empty list asks for none', async () => {
    await given().recordDocument(
      'org_a',
      document('1', ['ada', mention('bea', { type: 'PERSON' }), mention('cat', { type: 'PLACE' })]),
    )
    expect(await find({ types: ['PERSON', 'PLACE'] })).toEqual(['bea', 'cat'])
    expect(await find({ types: [] })).toEqual([])
    const persons = { documentId: 'doc_1', types: ['PERSON'] as const }
    expect(
      (await given().entitiesOfDocument('org_a', { ...persons, limit: 5, offset: 0 })).entities.map(({ name }) => name),
    ).toEqual(['bea'])
    expect(await given().countEntitiesOfDocument('org_a', persons)).toBe(1)
  })

  it('pages through everything once', async () => {
    const words = Array.from({ length: 7 }, (_, index) => `e${index}`)
    await given().recordDocument('org_a', document('1', words))
    const seen: string[] = []
    for (const offset of [0, 3, 6]) {
      const page = await given().findEntities('org_a', { limit: 3, offset })
      const ofDocument = await given().entitiesOfDocument('org_a', { documentId: 'doc_1', limit: 3, offset })
      expect(ofDocument).toEqual(page)
      expect(page.hasMore).toBe(offset < 6)
      seen.push(...page.entities.map(({ name }) => name))
    }
    expect(seen).toEqual(words)
  })

  it.each([
    { limit: 0, offset: 0 },
    { limit: 1.5, offset: 0 },
    { limit: 5, offset: -1 },
    { limit: 1e9, offset: 0 },
  ])('refuses the page %j', async (page) => {
    await expect(given().findEntities('org_a', page)).rejects.toThrow(InvalidInput)
  })
}
