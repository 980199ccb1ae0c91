import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InvalidInput } from '../schema/refusals.ts'
import { document, entity, identifier, mention, record, relation } from './facts.testing.ts'
import type { Graph } from './graph.ts'
import { describeBatches } from './graph.batches.cases.ts'
import { describeExploring } from './graph.exploring.cases.ts'
import { describeSearch } from './graph.search.cases.ts'
import { describeWalks } from './graph.walks.cases.ts'
import { describeWalls } from './graph.walls.cases.ts'

export interface GraphStore {
  open(): Promise<Graph>
  destroy(): Promise<void>
}

/** What every adapter of the graph port does. `prepare` makes an empty store. */
export function describeGraph(name: string, prepare: () => Promise<GraphStore>): void {
  describe(`the graph on ${name}`, () => {
    let store: GraphStore
    let graph: Graph
    beforeEach(async () => {
      store = await prepare()
      graph = await store.open()
    })
    afterEach(async () => {
      await graph.close()
      await store.destroy()
    })
    describeDocuments(() => graph)
    describeBatches(() => graph)
    describeRecords(() => graph)
    describeSearch(() => graph)
    describeWalks(() => graph)
    describeExploring(() => graph)
    describeWalls(() => graph)

    it('is well', async () => expect(await graph.health()).toBeUndefined())

    it('forgets everything of an organisation, however much that is, and nothing of another', async () => {
      const many = Array.from({ length: 450 }, (_, index) => `name${index}`)
      for (const organizationId of ['org_a', 'org_b']) {
        await graph.recordDocument(
          organizationId,
          document('1', many, { relations: [relation('name1', 'WORKS_FOR', 'name2')] }),
        )
        await graph.recordRecord(organizationId, record('parcel', []))
        await graph.setApplied(organizationId, 'documents', '12')
        await graph.setApplied(organizationId, 'records', '13')
      }
      await graph.forgetAll('org_a')
      await graph.forgetAll('org_a')
      expect(await graph.statistics('org_a')).toMatchObject({ documents: 0, entities: 0, relations: 0 })
      expect([await graph.applied('org_a', 'documents'), await graph.applied('org_a', 'records')]).toEqual(['0', '0'])
      expect(await graph.statistics('org_b')).toMatchObject({ documents: 1, entities: 451, relations: 1 })
      expect(await graph.applied('org_b', 'documents')).toBe('12')
      await graph.recordDocument('org_a', document('1', many))
      expect(await graph.countEntities('org_a', {})).toBe(450)
    })

    it('keeps what was written over a restart', async () => {
      await graph.recordDocument(
        'org_a',
        document('1', ['ada', 'bea'], { relations: [relation('ada', 'WORKS_FOR', 'bea')] }),
      )
      await graph.setApplied('org_a', 'documents', '12')
      await graph.close()
      graph = await store.open()
      expect(await names(graph)).toEqual(['ada', 'bea'])
      expect(await graph.applied('org_a', 'documents')).toBe('12')
      expect((await graph.neighbours('org_a', { id: 'ent_ada', depth: 1, limit: 5 })).neighbours[0]?.relation).toBe(
        'WORKS_FOR',
      )
    })
  })
}

async function names(graph: Graph, organizationId = 'org_a'): Promise<string[]> {
  const { entities } = await graph.findEntities(organizationId, { limit: 100, offset: 0 })
  return entities.map(({ name }) => name)
}

function describeDocuments(given: () => Graph): void {
  it('knows the entities of a document, whole', async () => {
    const facts = mention('ada', { type: 'PERSON', kind: 'DRIVER', key: 'NAME:ADA', name: 'Ada' })
    await given().recordDocument('org_a', document('1', [facts]))
    const { id, type, kind, key, name } = facts
    const whole = { id, type, kind, key, name, aliases: [], documents: 1, recordType: null, recordId: null }
    expect(await given().loadEntities('org_a', ['ent_ada', 'ent_nobody', 'ent_ada'])).toEqual([whole])
    expect(await given().entitiesOfDocument('org_a', { documentId: 'doc_1', limit: 5, offset: 0 })).toEqual({
      entities: [whole],
      hasMore: false,
    })
  })

  it('replaces what a document said when its version changes, and only then', async () => {
    await given().recordDocument(
      'org_a',
      document('1', ['ada', 'bea'], { relations: [relation('ada', 'KNOWS', 'bea')] }),
    )
    await given().recordDocument('org_a', document('1', ['zoe']))
    expect(await names(given())).toEqual(['ada', 'bea'])
    await given().recordDocument('org_a', document('1', ['ada', 'bea', 'cat'], { version: '2' }))
    expect(await names(given())).toEqual(['ada', 'bea', 'cat'])
    const { relations } = await given().neighbours('org_a', { id: 'ent_ada', depth: 1, limit: 5 })
    expect(relations.map(({ type }) => type)).toEqual(['RELATED_TO', 'RELATED_TO', 'RELATED_TO'])
  })

  it('keeps an entity until its last document is forgotten', async () => {
    await given().recordDocument('org_a', document('1', ['ada', 'bea']))
    await given().recordDocument('org_a', document('1', ['ada', 'bea'], { version: '2' }))
    await given().recordDocument('org_a', document('2', ['ada']))
    await given().forgetDocument('org_a', 'doc_1')
    expect(await names(given())).toEqual(['ada'])
    await given().forgetDocument('org_a', 'doc_1')
    await given().forgetDocument('org_a', 'doc_2')
    expect(await names(given())).toEqual([])
    expect(await given().countEntitiesOfDocument('org_a', { documentId: 'doc_2' })).toBe(0)
  })

  it('adds up two mentions of one entity in one document', async () => {
    await given().recordDocument(
      'org_a',
      document('1', [mention('ada', { count: 2 }), mention('bea', { count: 3 }), mention('ada', { count: 2 })]),
    )
    const { entities } = await given().entitiesOfDocument('org_a', { documentId: 'doc_1', limit: 5, offset: 0 })
    expect(entities.map(({ name }) => name)).toEqual(['ada', 'bea'])
  })

  it('refuses a relation whose ends the document does not mention, and writes nothing', async () => {
    const broken = document('1', ['ada'], { relations: [relation('ada', 'KNOWS', 'bea')] })
    await expect(given().recordDocument('org_a', broken)).rejects.toThrow(InvalidInput)
    expect(await names(given())).toEqual([])
  })

  it('takes a document with thousands of mentions, and its smaller successor', async () => {
    const words = Array.from({ length: 2_000 }, (_, index) => `e${index}`)
    await given().recordDocument('org_a', document('1', words))
    expect(await given().countEntities('org_a', {})).toBe(2_000)
    await given().recordDocument('org_a', document('1', words.slice(0, 3), { version: '2' }))
    expect(await names(given())).toEqual(['e0', 'e1', 'e2'])
  })

  it('makes one entity of one that many documents bring at the same time', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => String(index))
    await Promise.all(ids.map((id) => given().recordDocument('org_a', document(id, ['ada', `only${id}`]))))
    expect(await given().countEntities('org_a', { search: 'ada' })).toBe(1)
    await Promise.all(ids.slice(1).map((id) => given().forgetDocument('org_a', `doc_${id}`)))
    expect(await names(given())).toEqual(['ada', 'only0'])
  })

  it('remembers a bounded number of other printed names as aliases', async () => {
    const printed = Array.from({ length: 30 }, (_, index) => mention('ada', { name: `Ada ${index}` }))
    for (const [index, facts] of [...printed, ...printed].entries())
      await given().recordDocument('org_a', document(String(index), [facts]))
    const [ada] = await given().loadEntities('org_a', ['ent_ada'])
    expect(ada?.name).toBe('Ada 0')
    expect(ada?.aliases).toEqual(printed.slice(1, 17).map(({ name }) => name))
  })
}

function describeRecords(given: () => Graph): void {
  const tracking = identifier('track', 'TRACKING_NUMBER', '6A12345678901')

  it('ties a record to the identifiers that lead to it', async () => {
    await given().recordRecord('org_a', record('parcel', [tracking]))
    const [parcel] = await given().loadEntities('org_a', ['ent_parcel'])
    expect(parcel).toMatchObject({ type: 'RECORD', kind: 'SHIPMENT', recordType: 'Shipment', recordId: 'shp_parcel' })
    const { relations } = await given().neighbours('org_a', { id: 'ent_parcel', depth: 1, limit: 5 })
    expect(relations).toEqual([{ from: 'ent_track', to: 'ent_parcel', type: 'IDENTIFIES', weight: 1 }])
  })

  it('replaces the name and links of a record that changed', async () => {
    await given().recordRecord('org_a', record('parcel', [tracking]))
    const renamed = {
      ...record('parcel', [identifier('siren', 'SIREN', '732829320')]),
      entity: entity('parcel', { type: 'RECORD', name: 'Renamed' }),
    }
    await given().recordRecord('org_a', renamed)
    await given().recordRecord('org_a', renamed)
    expect(await names(given())).toEqual(['732829320', 'Renamed'])
    expect(await given().countEntities('org_a', { search: 'parcel' })).toBe(1)
    expect((await given().loadEntities('org_a', ['ent_parcel']))[0]?.aliases).toEqual([])
  })

  it('keeps an identifier while either a record or a document knows it', async () => {
    await given().recordDocument('org_a', document('1', [mention('track', tracking)]))
    await given().recordRecord('org_a', record('parcel', [tracking]))
    await given().forgetDocument('org_a', 'doc_1')
    expect(await names(given())).toEqual(['6A12345678901', 'parcel'])
    await given().recordDocument('org_a', document('1', [mention('track', tracking)]))
    await given().forgetRecord('org_a', 'ent_parcel')
    expect(await names(given())).toEqual(['6A12345678901'])
    await given().forgetDocument('org_a', 'doc_1')
    expect(await names(given())).toEqual([])
  })

  it('leads from a record to what its documents mention', async () => {
    await given().recordRecord('org_a', record('parcel', [tracking]))
    await given().recordDocument('org_a', document('1', [mention('track', tracking), 'carrier']))
    const { neighbours } = await given().neighbours('org_a', { id: 'ent_parcel', depth: 2, limit: 5 })
    expect(neighbours.map(({ entity, distance, via, relation }) => [entity.id, distance, via, relation])).toEqual([
      ['ent_track', 1, 'ent_parcel', 'IDENTIFIES'],
      ['ent_carrier', 2, 'ent_track', 'RELATED_TO'],
    ])
  })
}
