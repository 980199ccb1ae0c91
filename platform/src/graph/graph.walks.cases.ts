import { expect, it } from 'vitest'
import { InvalidInput } from '../schema/refusals.ts'
import { day, document, entity, mention, record, relation } from './facts.testing.ts'
import type { Graph, NeighbourQuery } from './graph.ts'

/** Neighbours and paths. */
export function describeWalks(given: () => Graph): void {
  describeNeighbours(given)
  describeHubs(given)
  describePaths(given)
}

function describeNeighbours(given: () => Graph): void {
  const around = (query: Partial<NeighbourQuery>) =>
    given().neighbours('org_a', { id: 'ent_a', depth: 1, limit: 50, ...query })
  const brief = async (query: Partial<NeighbourQuery>) =>
    (await around(query)).neighbours.map(({ entity, relation, weight, distance, via }) =>
      [entity.name, relation, weight, distance, via.slice(4)].join(' '),
    )

  it('weighs neighbours by the documents in common', async () => {
    await given().recordDocument('org_a', document('1', ['a', 'b', 'c']))
    await given().recordDocument('org_a', document('2', ['a', 'c']))
    expect(await brief({})).toEqual(['c RELATED_TO 2 1 a', 'b RELATED_TO 1 1 a'])
    expect((await around({})).relations).toEqual([
      { from: 'ent_a', to: 'ent_c', type: 'RELATED_TO', weight: 2 },
      { from: 'ent_a', to: 'ent_b', type: 'RELATED_TO', weight: 1 },
      { from: 'ent_b', to: 'ent_c', type: 'RELATED_TO', weight: 1 },
    ])
  })

  it('follows stated relations from either end and names them', async () => {
    const relations = [relation('b', 'WORKS_FOR', 'a'), relation('b', 'WORKS_FOR', 'a')]
    await given().recordDocument('org_a', document('1', ['a', 'b'], { relations }))
    expect(await brief({})).toEqual(['b WORKS_FOR 1 1 a'])
    expect((await around({})).relations).toContainEqual({ from: 'ent_b', to: 'ent_a', type: 'WORKS_FOR', weight: 1 })
  })

  it('walks as deep as asked, nearest first, and never comes back to the start', async () => {
    for (const pair of ['ab', 'bc', 'cd', 'de', 'ef']) await given().recordDocument('org_a', document(pair, [...pair]))
    expect(await brief({ depth: 2 })).toEqual(['b RELATED_TO 1 1 a', 'c RELATED_TO 1 2 b'])
    expect((await brief({ depth: 4 })).map((line) => line[0])).toEqual(['b', 'c', 'd', 'e'])
  })

  it('walks through every type and shows those asked for', async () => {
    await given().recordDocument('org_a', document('1', ['a', 'b']))
    await given().recordDocument('org_a', document('2', ['b', mention('p', { type: 'PERSON' })]))
    expect(await brief({ depth: 2, types: ['PERSON'] })).toEqual(['p RELATED_TO 1 2 b'])
    expect(await brief({ depth: 2, types: [] })).toEqual([])
  })

  it('takes only the relations asked for', async () => {
    await given().recordDocument(
      'org_a',
      document('1', ['a', 'b', 'c'], { relations: [relation('b', 'WORKS_FOR', 'a')] }),
    )
    await given().recordDocument('org_a', document('2', ['b', 'd'], { relations: [relation('d', 'IDENTIFIES', 'b')] }))
    expect(await brief({ relations: ['WORKS_FOR', 'IDENTIFIES'], depth: 2 })).toEqual([
      'b WORKS_FOR 1 1 a',
      'd IDENTIFIES 1 2 b',
    ])
    expect(await brief({ relations: ['RELATED_TO'] })).toEqual(['b RELATED_TO 1 1 a', 'c RELATED_TO 1 1 a'])
    expect((await around({ relations: ['WORKS_FOR'] })).relations.map(({ type }) => type)).toEqual(['WORKS_FOR'])
    expect(await brief({ relations: [] })).toEqual([])
  })

  it('takes only steps that documents of a time and records that changed then state, and is whole within them', async () => {
    const works = { relations: [relation('b', 'WORKS_FOR', 'a')] }
    await given().recordDocument('org_a', document('1', ['a', 'b'], { ...works, at: day(3) }))
    await given().recordDocument('org_a', document('2', ['a', 'c'], { at: day(5) }))
    await given().recordRecord('org_a', record('parcel', [entity('a')], { change: { at: day(9), what: 'CREATED' } }))
    expect(await brief({ until: day(5) })).toEqual(['b WORKS_FOR 1 1 a'])
    expect(await brief({ since: day(5), until: day(9) })).toEqual(['c RELATED_TO 1 1 a'])
    expect(await brief({ since: day(9) })).toEqual(['parcel IDENTIFIES 1 1 a'])
    expect((await around({ since: day(5) })).truncated).toBe(false)
  })

  it('says when it shows only the strongest', async () => {
    await given().recordDocument('org_a', document('1', ['a', 'b', 'c']))
    await given().recordDocument('org_a', document('2', ['a', 'c']))
    expect(await brief({ limit: 1 })).toEqual(['c RELATED_TO 2 1 a'])
    expect((await around({ limit: 1 })).truncated).toBe(true)
    expect((await around({ limit: 2 })).truncated).toBe(false)
  })

  it('finds nothing around what is not there', async () => {
    expect(await around({ id: 'ent_nobody' })).toEqual({ neighbours: [], relations: [], truncated: false })
  })

  it.each([{ depth: 0 }, { depth: 5 }, { depth: 1.5 }, { limit: 0 }, { limit: 501 }])('refuses %j', async (query) => {
    await expect(around(query)).rejects.toThrow(InvalidInput)
  })
}

function describeHubs(given: () => Graph): void {
  it('samples an entity that very many documents mention, and says so', async () => {
    const ids = Array.from({ length: 600 }, (_, index) => String(index).padStart(4, '0'))
    for (const id of ids) await given().recordDocument('org_a', document(id, ['town', `e${Number(id) % 50}`]))
    const { neighbours, truncated } = await given().neighbours('org_a', { id: 'ent_town', depth: 1, limit: 100 })
    expect(truncated).toBe(true)
    expect(neighbours).toHaveLength(50)
    expect(new Set(neighbours.map(({ weight }) => weight))).toEqual(new Set([12]))
    const oldest = await given().path('org_a', { from: 'ent_town', to: 'ent_e0', maxDepth: 1 })
    expect(oldest?.relations).toEqual(['RELATED_TO'])
  })

  it('reads a bounded part of documents that mention thousands', async () => {
    const words = Array.from({ length: 2_000 }, (_, index) => `e${index}`)
    for (let index = 0; index < 15; index++)
      await given().recordDocument('org_a', document(`big${index}`, ['a', ...words]))
    await given().recordDocument('org_a', document('small', [mention('a', { count: 9 }), 'friend']))
    const { neighbours, truncated } = await given().neighbours('org_a', { id: 'ent_a', depth: 2, limit: 500 })
    expect(truncated).toBe(true)
    expect(neighbours.length).toBe(500)
    expect(neighbours[0]?.weight).toBeGreaterThan(5)
    const path = await given().path('org_a', { from: 'ent_friend', to: 'ent_e1999', maxDepth: 2 })
    expect(path?.entities.map(({ id }) => id)).toEqual(['ent_friend', 'ent_a', 'ent_e1999'])
  })
}

function describePaths(given: () => Graph): void {
  const path = async (from: string, to: string, maxDepth = 4) => {
    const found = await given().path('org_a', { from: `ent_${from}`, to: `ent_${to}`, maxDepth })
    return found && [...found.entities.map(({ name }) => name), ...found.relations].join(' ')
  }

  it('finds a shortest path over common documents and stated relations', async () => {
    await given().recordDocument('org_a', document('1', ['a', 'b']))
    await given().recordDocument('org_a', document('2', ['b', 'c'], { relations: [relation('c', 'WORKS_FOR', 'b')] }))
    await given().recordDocument('org_a', document('3', ['c', 'd']))
    await given().recordDocument('org_a', document('4', ['d', 'e']))
    expect(await path('a', 'b')).toBe('a b RELATED_TO')
    expect(await path('a', 'c')).toBe('a b c RELATED_TO WORKS_FOR')
    expect(await path('c', 'a')).toBe('c b a WORKS_FOR RELATED_TO')
    expect(await path('a', 'e')).toBe('a b c d e RELATED_TO WORKS_FOR RELATED_TO RELATED_TO')
    await given().recordDocument('org_a', document('5', ['a', 'd']))
    expect(await path('a', 'e')).toBe('a d e RELATED_TO RELATED_TO')
    const found = await given().path('org_a', { from: 'ent_a', to: 'ent_c', maxDepth: 4 })
    expect(found?.steps.map(({ from, to, type }) => [from, type, to])).toEqual([
      ['ent_a', 'RELATED_TO', 'ent_b'],
      ['ent_b', 'WORKS_FOR', 'ent_c'],
    ])
  })

  it('goes no further than asked, and says when there is none', async () => {
    await given().recordDocument('org_a', document('1', ['a', 'b']))
    await given().recordDocument('org_a', document('2', ['b', 'c']))
    await given().recordDocument('org_a', document('3', ['x', 'y']))
    expect(await path('a', 'c', 1)).toBeNull()
    expect(await path('a', 'x')).toBeNull()
    expect(await path('a', 'nobody')).toBeNull()
    expect(await path('a', 'a')).toBe('a')
  })

  it.each([0, 5, 2.5])('refuses a path of %d steps', async (maxDepth) => {
    await expect(path('a', 'b', maxDepth)).rejects.toThrow(InvalidInput)
  })
}
