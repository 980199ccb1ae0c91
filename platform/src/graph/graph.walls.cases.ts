import { beforeEach, describe, expect, it } from 'vitest'
import { document, identifier, mention, record, relation } from './facts.testing.ts'
import type { Graph } from './graph.ts'

/** Two organisations whose papers print the same things: even the same ids must not join them. */
export function describeWalls(given: () => Graph): void {
  const siren = identifier('siren', 'SIREN', '732829320')

  describe('between organisations', () => {
    beforeEach(async () => {
      const relations = [relation('siren', 'IDENTIFIES', 'acme')]
      await given().recordDocument(
        'org_a',
        document('1', [mention('siren', siren), mention('acme', { name: 'Acme A' })], { relations }),
      )
      await given().recordDocument(
        'org_b',
        document('1', [mention('siren', siren), mention('acme', { name: 'Acme B' }), 'secret'], { relations }),
      )
      await given().recordDocument('org_b', document('2', [mention('siren', siren), 'secret']))
      await given().recordRecord('org_b', record('client', [siren]))
    })

    it('shows each its own entities', async () => {
      expect(
        (await given().loadEntities('org_a', ['ent_acme', 'ent_secret', 'ent_client'])).map(({ name, aliases }) => [
          name,
          aliases,
        ]),
      ).toEqual([['Acme A', []]])
      expect(await given().countEntities('org_a', {})).toBe(2)
      expect(await given().countEntities('org_a', { search: 'secret' })).toBe(0)
      expect(await given().countEntitiesOfDocument('org_a', { documentId: 'doc_2' })).toBe(0)
      expect(await given().countEntitiesOfDocument('org_a', { documentId: 'doc_1' })).toBe(2)
      expect(await given().countEntities('org_c', {})).toBe(0)
    })

    it('walks within each alone', async () => {
      const around = await given().neighbours('org_a', { id: 'ent_siren', depth: 4, limit: 50 })
      expect(around.neighbours.map(({ entity, weight }) => [entity.name, weight])).toEqual([['Acme A', 1]])
      expect(around.relations.map(({ type, weight }) => [type, weight])).toEqual([
        ['RELATED_TO', 1],
        ['IDENTIFIES', 1],
      ])
      expect(await given().path('org_a', { from: 'ent_siren', to: 'ent_secret', maxDepth: 4 })).toBeNull()
      expect(await given().path('org_b', { from: 'ent_client', to: 'ent_secret', maxDepth: 4 })).not.toBeNull()
    })

    it('forgets in one what the other keeps', async () => {
      await given().forgetDocument('org_a', 'doc_1')
      await given().forgetDocument('org_a', 'doc_2')
      await given().forgetRecord('org_a', 'ent_client')
      expect(await given().countEntities('org_a', {})).toBe(0)
      expect(await given().countEntities('org_b', {})).toBe(4)
      const { relations } = await given().neighbours('org_b', {
        id: 'ent_acme',
        depth: 1,
        limit: 5,
        types: ['IDENTIFIER'],
      })
      expect(relations.map(({ type, weight }) => [type, weight])).toEqual([
        ['RELATED_TO', 1],
        ['IDENTIFIES', 1],
      ])
    })

    it('remembers an applied position for each organisation and consumer', async () => {
      await given().setApplied('org_a', 'documents', '7')
      await given().setApplied('org_a', 'documents', '9007199254740993')
      await given().setApplied('org_b', 'records', '3')
      expect(await given().applied('org_a', 'documents')).toBe('9007199254740993')
      expect(await given().applied('org_b', 'documents')).toBe('0')
      expect(await given().applied('org_b', 'records')).toBe('3')
    })
  })
}
