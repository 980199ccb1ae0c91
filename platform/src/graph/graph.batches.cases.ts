import { describe, expect, it } from 'vitest'
import { InvalidInput } from '../schema/refusals.ts'
import { day, document, identifier, mention, record, relation } from './facts.testing.ts'
import type { DocumentFacts, Graph } from './graph.ts'

const everything = { after: '', limit: 1_000 }

/** All that a graph holds of an organisation, in an order of its own. */
async function dump(graph: Graph, organizationId: string) {
  const [entities, documents] = [
    await graph.listEntities(organizationId, everything),
    await graph.listDocuments(organizationId, everything),
  ]
  const sorted = <Row>(rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).toSorted()
  return {
    entities: sorted(entities),
    documents: sorted(documents),
    mentions: sorted(
      await graph.listMentions(
        organizationId,
        documents.map(({ id }) => id),
      ),
    ),
    relations: sorted(
      await graph.listRelations(
        organizationId,
        entities.map(({ id }) => id),
      ),
    ),
  }
}

/** Papers that share companies, say something of them, and now and then spell one another way. */
function papers(count: number, mentions: number): DocumentFacts[] {
  return Array.from({ length: count }, (_, index) => {
    const words = Array.from({ length: mentions }, (_, place) => `e${(index * 7 + place * place) % 90}`)
    const [first = '', second = ''] = [...new Set(words)]
    return document(
      String(index),
      words.map((word) => mention(word, { name: index % 5 === 0 ? `${word} bis` : word })),
      { at: day(1 + (index % 20)), relations: [relation(first, 'WORKS_FOR', second)] },
    )
  })
}

/** What many documents written at once are: the same as one after the other, and all or none. */
export function describeBatches(given: () => Graph): void {
  describe('documents that are written at once', () => {
    it('are what they would be one after the other', async () => {
      const facts = papers(30, 40)
      await given().recordDocuments('org_a', facts)
      for (const paper of facts) await given().recordDocument('org_b', paper)
      expect(await dump(given(), 'org_a')).toEqual(await dump(given(), 'org_b'))
      const changed = facts.map((paper, index) => ({ ...papers(31, 25)[index + 1]!, documentId: paper.documentId }))
      const next = changed.map((paper, index) => ({ ...paper, version: index % 3 === 0 ? '1' : '2' }))
      await given().recordDocuments('org_a', next)
      for (const paper of next) await given().recordDocument('org_b', paper)
      expect(await dump(given(), 'org_a')).toEqual(await dump(given(), 'org_b'))
      for (const { documentId } of facts) await given().forgetDocument('org_a', documentId)
      expect(await given().statistics('org_a')).toMatchObject({ documents: 0, entities: 0, relations: 0 })
    })

    it('change nothing when they are written again', async () => {
      const facts = papers(6, 10)
      await given().recordDocuments('org_a', facts)
      const before = await dump(given(), 'org_a')
      await given().recordDocuments('org_a', facts)
      await given().recordDocuments('org_a', [...facts.slice(2), ...facts])
      await given().recordDocuments('org_a', [])
      expect(await dump(given(), 'org_a')).toEqual(before)
    })

    it('are not written, none of them, when one in the middle is refused', async () => {
      await given().recordDocument('org_a', document('1', ['ada']))
      const batch = [
        document('1', ['bea'], { version: '2' }),
        document('2', ['cat'], { relations: [relation('cat', 'KNOWS', 'nobody')] }),
        document('3', ['dan']),
      ]
      await expect(given().recordDocuments('org_a', batch)).rejects.toThrow(InvalidInput)
      const { entities } = await given().findEntities('org_a', { limit: 10, offset: 0 })
      expect(entities.map(({ name }) => name)).toEqual(['ada'])
      expect(await given().statistics('org_a')).toMatchObject({ documents: 1, entities: 1 })
    })

    it('keep the last of a document that is given twice', async () => {
      const batch = [
        document('1', ['ada', 'bea'], { relations: [relation('ada', 'KNOWS', 'bea')] }),
        document('2', ['bea']),
        document('1', ['cat'], { version: '2' }),
      ]
      await given().recordDocuments('org_a', batch)
      const { entities } = await given().findEntities('org_a', { limit: 10, offset: 0 })
      expect(entities.map(({ name, documents }) => [name, documents])).toEqual([
        ['bea', 1],
        ['cat', 1],
      ])
      expect(await given().statistics('org_a')).toMatchObject({ documents: 2, relations: 0 })
    })

    it('make one entity of what several of them name, with the names they print', async () => {
      await given().recordDocuments('org_a', [
        document('1', [mention('ada', { name: 'Ada' })]),
        document('2', [mention('ada', { name: 'A. Lovelace' }), 'bea']),
        document('3', [mention('ada', { name: 'Ada' }), mention('ada', { name: 'never seen' })]),
      ])
      const [ada] = await given().loadEntities('org_a', ['ent_ada'])
      expect(ada).toMatchObject({ name: 'Ada', aliases: ['A. Lovelace'], documents: 3 })
    })

    it('pass an entity from one to the other, and let go of what only they knew', async () => {
      await given().recordDocuments('org_a', [document('1', ['ada', 'bea']), document('2', ['bea', 'cat'])])
      await given().recordRecord('org_a', record('parcel', [identifier('cat', 'SIREN', '732829320')]))
      await given().recordDocuments('org_a', [
        document('1', ['dan'], { version: '2' }),
        document('2', ['ada'], { version: '2' }),
      ])
      const entities = await given().loadEntities('org_a', ['ent_ada', 'ent_bea', 'ent_cat', 'ent_dan'])
      expect(Object.fromEntries(entities.map(({ id, documents }) => [id, documents]))).toEqual({
        ent_ada: 1,
        ent_cat: 0,
        ent_dan: 1,
      })
    })

    it('stay in their organisation, also when two write the same ids at the same time', async () => {
      const facts = papers(10, 20)
      const others = facts.map((paper) => ({ ...paper, mentions: [...paper.mentions, mention('secret')] }))
      await Promise.all([
        given().recordDocuments('org_a', facts.slice(0, 5)),
        given().recordDocuments('org_b', others),
        given().recordDocuments('org_a', facts.slice(5)),
      ])
      await given().recordDocuments('org_c', facts)
      expect((await dump(given(), 'org_a')).documents).toEqual((await dump(given(), 'org_c')).documents)
      expect(await given().countEntities('org_a', { search: 'secret' })).toBe(0)
      expect(await given().loadEntities('org_b', ['ent_secret'])).toMatchObject([{ documents: 10 }])
      await given().forgetAll('org_b')
      expect((await dump(given(), 'org_a')).mentions).toHaveLength((await dump(given(), 'org_c')).mentions.length)
    })
  })
}
