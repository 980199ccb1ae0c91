import { expect, it } from 'vitest'
import { InvalidInput } from '../schema/refusals.ts'
import { box, day, document, entity, identifier, mention, record, relation } from './facts.testing.ts'
import type { CoMentionQuery, Graph, TimelineEntry, TimelineQuery } from './graph.ts'

/** Co-mentions, time, sources, figures and everything in pages. */
export function describeExploring(given: () => Graph): void {
  describeCoMentions(given)
  describeTimeline(given)
  describeSources(given)
  describeStatistics(given)
  describeLists(given)
}

function describeCoMentions(given: () => Graph): void {
  const find = async (query: Partial<CoMentionQuery> = {}) =>
    given().coMentions('org_a', { id: 'ent_a', limit: 10, ...query })
  const names = async (query: Partial<CoMentionQuery> = {}) =>
    (await find(query)).coMentions.map(({ entity: { name } }) => name)

  it('ranks what is surprisingly often named together before what is on every paper', async () => {
    for (let index = 0; index < 20; index++)
      await given().recordDocument('org_a', document(`other${index}`, ['house', `x${index}`]))
    for (let index = 0; index < 4; index++) {
      const words = ['a', 'house', ...(index < 3 ? ['friend'] : ['once'])]
      await given().recordDocument('org_a', document(`common${index}`, words))
    }
    expect(await names()).toEqual(['friend', 'once', 'house'])
    const [friend, , house] = (await find()).coMentions
    expect(friend).toMatchObject({ documents: 3, pages: 3, passages: 3, lift: 6 })
    expect(house).toMatchObject({ documents: 4, lift: 1 })
  })

  it('puts what shares a passage before what shares a page, and that before the rest of the document', async () => {
    const a = mention('a', { pages: [1, 2], chunks: [1, 2] })
    const far = mention('far', { page: 9, pages: [9], chunks: [9] })
    const page = mention('page', { pages: [2, 3], chunks: [4] })
    const passage = mention('passage', { pages: [2], chunks: [2, 7] })
    await given().recordDocument('org_a', document('1', [a, far, page, passage]))
    expect(await names()).toEqual(['passage', 'page', 'far'])
    expect((await find()).coMentions.map(({ pages, passages }) => [pages, passages])).toEqual([
      [1, 1],
      [1, 0],
      [0, 0],
    ])
  })

  it('keeps to the types and the time asked for, and says when there is more', async () => {
    await given().recordDocument('org_a', document('1', ['a', mention('p', { type: 'PERSON' }), 'b'], { at: day(1) }))
    await given().recordDocument('org_a', document('2', ['a', 'c'], { at: day(2) }))
    expect(await names({ types: ['PERSON'] })).toEqual(['p'])
    expect(await names({ since: day(2) })).toEqual(['c'])
    expect(await names({ until: day(1) })).toEqual([])
    expect(await find({ limit: 1 })).toMatchObject({ truncated: true })
    expect(await find()).toMatchObject({ truncated: false })
    expect(await names({ id: 'ent_nobody' })).toEqual([])
    await expect(find({ limit: 0 })).rejects.toThrow(InvalidInput)
  })
}

function describeTimeline(given: () => Graph): void {
  const brief = ({ kind, what, documentId, recordEntityId, otherId, outgoing, at }: TimelineEntry) =>
    [kind, what, otherId && `${outgoing ? 'to' : 'from'} ${otherId}`, documentId ?? recordEntityId, at.getUTCDate()]
      .filter((part) => part !== null)
      .join(' ')
  const timeline = async (query: Partial<TimelineQuery> = {}) =>
    given().timeline('org_a', { id: 'ent_a', limit: 50, ...query })
  const lines = async (query: Partial<TimelineQuery> = {}) => (await timeline(query)).entries.map(brief)

  it('tells mentions, relations and changes of records, the latest first, with their places', async () => {
    const works = { relations: [relation('b', 'WORKS_FOR', 'a')], at: day(3) }
    await given().recordDocument('org_a', document('1', [mention('a', { count: 4, relation: 'ABOUT' }), 'b'], works))
    const parcel = record('parcel', [entity('a')], { change: { at: day(2), what: 'CREATED' } })
    await given().recordRecord('org_a', parcel)
    await given().recordRecord('org_a', { ...parcel, change: { at: day(5), what: 'DELIVERED' } })
    expect(await lines()).toEqual([
      'RECORD DELIVERED ent_parcel 5',
      'RELATION IDENTIFIES to ent_parcel ent_parcel 5',
      'MENTION ABOUT doc_1 3',
      'RELATION WORKS_FOR from ent_b doc_1 3',
      'RECORD CREATED ent_parcel 2',
    ])
    const [, , said, stated] = (await timeline()).entries
    expect(said).toMatchObject({ count: 4, place: { page: 1, chunk: 0, boxes: [box(1)] }, extractor: 'rules' })
    expect(stated).toMatchObject({ place: { page: 2, chunk: 3, boxes: [box(2)] }, confidence: 0.8 })
    expect(await lines({ kinds: ['RELATION'], since: day(4) })).toEqual([
      'RELATION IDENTIFIES to ent_parcel ent_parcel 5',
    ])
    expect(await lines({ id: 'ent_parcel', kinds: ['RECORD'] })).toEqual([
      'RECORD DELIVERED ent_parcel 5',
      'RECORD CREATED ent_parcel 2',
    ])
    expect(await lines({ until: day(3) })).toEqual(['RECORD CREATED ent_parcel 2'])
  })

  it('is the same when the log is replayed', async () => {
    const parcel = record('parcel', [identifier('track', 'TRACKING_NUMBER', '6A1')])
    await given().recordRecord('org_a', parcel)
    await given().recordRecord('org_a', { ...parcel, change: { at: day(5), what: 'DELIVERED' } })
    const before = await lines({ id: 'ent_parcel' })
    await given().recordRecord('org_a', parcel)
    await given().recordRecord('org_a', { ...parcel, change: { at: day(5), what: 'DELIVERED' } })
    expect(await lines({ id: 'ent_parcel' })).toEqual(before)
    await given().forgetRecord('org_a', 'ent_parcel')
    await given().recordRecord('org_a', { ...parcel, change: { at: day(7), what: 'CREATED' } })
    expect(await lines({ id: 'ent_parcel', kinds: ['RECORD'] })).toEqual(['RECORD CREATED ent_parcel 7'])
  })

  it('pages through everything once, also where much happened at the same moment', async () => {
    for (let index = 0; index < 4; index++) {
      const relations = [relation('a', 'KNOWS', 'b'), relation('c', 'KNOWS', 'a')]
      await given().recordDocument('org_a', document(String(index), ['a', 'b', 'c'], { relations }))
    }
    await given().recordRecord('org_a', record('parcel', [entity('a')]))
    const all = await timeline()
    expect(all.entries).toHaveLength(14)
    expect(all.hasMore).toBe(false)
    const seen: TimelineEntry[] = []
    for (let more = true; more;) {
      const after = seen.at(-1)
      const page = await timeline({ limit: 3, ...(after && { after }) })
      seen.push(...page.entries)
      more = page.hasMore
    }
    expect(seen).toEqual(all.entries)
  })

  it.each([0, 101, 1.5])('refuses a page of %d', async (limit) => {
    await expect(timeline({ limit })).rejects.toThrow(InvalidInput)
  })

  it('counts documents and mentions by month', async () => {
    await given().recordDocument('org_a', document('1', [mention('a', { count: 3 })], { at: day(1) }))
    await given().recordDocument('org_a', document('2', ['a'], { at: day(31) }))
    await given().recordDocument('org_a', document('3', ['a'], { at: day(2, 4) }))
    const activity = (query = {}) => given().activity('org_a', { id: 'ent_a', ...query })
    expect(await activity()).toEqual([
      { month: '2026-01', documents: 2, mentions: 4 },
      { month: '2026-04', documents: 1, mentions: 1 },
    ])
    expect(await activity({ since: day(2), until: day(2, 4) })).toEqual([
      { month: '2026-01', documents: 1, mentions: 1 },
    ])
  })
}

function describeSources(given: () => Graph): void {
  it('names for each relation what states it, and where', async () => {
    const relations = [relation('b', 'WORKS_FOR', 'a')]
    await given().recordDocument('org_a', document('1', ['a', 'b'], { relations, at: day(1) }))
    await given().recordDocument('org_a', document('2', ['a', 'b'], { relations, at: day(2) }))
    await given().recordRecord('org_a', record('parcel', [entity('a')], { change: { at: day(3), what: 'CREATED' } }))
    const asked = [
      { from: 'ent_b', to: 'ent_a', type: 'WORKS_FOR' },
      { from: 'ent_a', to: 'ent_parcel', type: 'IDENTIFIES' },
      { from: 'ent_a', to: 'ent_b', type: 'NOTHING' },
    ]
    const [works, identifies, nothing] = await given().relationSources('org_a', { relations: asked, limit: 5 })
    const place = { page: 2, chunk: 3, boxes: [box(2)] }
    const rest = { recordEntityId: null, place, confidence: 0.8, extractor: 'rules' }
    expect(works).toEqual([
      { documentId: 'doc_2', at: day(2), ...rest },
      { documentId: 'doc_1', at: day(1), ...rest },
    ])
    expect(identifies).toEqual([
      { documentId: null, recordEntityId: 'ent_parcel', at: day(3), place: null, confidence: 1, extractor: 'record' },
    ])
    expect(nothing).toEqual([])
    const [latest] = await given().relationSources('org_a', { relations: asked, limit: 1 })
    expect(latest?.map(({ documentId }) => documentId)).toEqual(['doc_2'])
  })

  it('shows documents in common on the page that names both', async () => {
    const a = mention('a', { page: 1, pages: [1, 4], chunks: [0, 8], extractor: 'identifier', confidence: 0.7 })
    const b = mention('b', { page: 5, pages: [4, 5], chunks: [8, 9], boxes: [box(5)] })
    await given().recordDocument('org_a', document('1', [a, b]))
    await given().recordDocument('org_a', document('2', ['a', 'c']))
    const relations = [{ from: 'ent_b', to: 'ent_a', type: 'RELATED_TO' }]
    const place = { page: 4, chunk: 8, boxes: expect.arrayContaining([box(1), box(5)]) }
    expect(await given().relationSources('org_a', { relations, limit: 5 })).toEqual([
      [
        {
          documentId: 'doc_1',
          recordEntityId: null,
          at: day(1),
          place,
          confidence: 0.7,
          extractor: expect.any(String),
        },
      ],
    ])
  })
}

function describeStatistics(given: () => Graph): void {
  it('says what the graph is made of', async () => {
    const relations = [relation('a', 'KNOWS', 'b')]
    await given().recordDocument('org_a', document('1', ['a', 'b'], { relations }))
    await given().recordDocument('org_a', document('2', ['a', mention('p', { type: 'PERSON' })], { at: day(1, 2) }))
    await given().recordDocument('org_a', document('3', [], { at: day(2, 2) }))
    await given().recordDocument('org_b', document('9', ['a'], { relations: [] }))
    const { mostConnected, ...statistics } = await given().statistics('org_a')
    expect(statistics).toEqual({
      documents: 3,
      documentsWithoutEntities: 1,
      entities: 3,
      mentions: 4,
      relations: 1,
      entitiesByType: [
        { type: 'ORGANIZATION', count: 2 },
        { type: 'PERSON', count: 1 },
      ],
      relationsByType: [{ type: 'KNOWS', count: 1 }],
      months: [
        { month: '2026-01', documents: 1, mentions: 2 },
        { month: '2026-02', documents: 2, mentions: 2 },
      ],
      capped: false,
    })
    expect(mostConnected.map(({ name, documents }) => [name, documents])).toEqual([
      ['a', 2],
      ['b', 1],
      ['p', 1],
    ])
  })

  it('says that an empty graph is empty', async () => {
    expect(await given().statistics('org_a')).toMatchObject({
      documents: 0,
      entities: 0,
      months: [],
      mostConnected: [],
    })
  })
}

function describeLists(given: () => Graph): void {
  it('gives everything of one organisation in pages by id', async () => {
    for (const id of ['1', '2', '3'])
      await given().recordDocument(
        'org_a',
        document(id, ['a', `e${id}`], { relations: [relation('a', 'KNOWS', `e${id}`)] }),
      )
    await given().recordDocument('org_b', document('4', ['secret']))
    const entities: string[] = []
    for (let after: string | null = null; ;) {
      const page = await given().listEntities('org_a', { after, limit: 3 })
      entities.push(...page.map(({ id }) => id))
      if (page.length < 3) break
      after = entities.at(-1) ?? null
    }
    expect(entities).toEqual(['ent_a', 'ent_e1', 'ent_e2', 'ent_e3'])
    const documents = await given().listDocuments('org_a', { after: 'doc_1', limit: 10 })
    expect(documents).toEqual([
      { id: 'doc_2', at: day(1), mentions: 2 },
      { id: 'doc_3', at: day(1), mentions: 2 },
    ])
    const relations = await given().listRelations('org_a', [...entities, 'ent_secret'])
    expect(relations.map(({ to, source }) => `${to} ${source}`).toSorted()).toEqual([
      'ent_e1 doc_1',
      'ent_e2 doc_2',
      'ent_e3 doc_3',
    ])
    const mentions = await given().listMentions('org_a', ['doc_1', 'doc_4'])
    expect(mentions.map(({ entityId }) => entityId).toSorted()).toEqual(['ent_a', 'ent_e1'])
    expect(mentions[0]).toMatchObject({ documentId: 'doc_1', relation: 'MENTIONS', count: 1, page: 1 })
  })
}
