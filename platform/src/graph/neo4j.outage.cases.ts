import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLog } from '../log/log.ts'
import { EngineUnavailable, InvalidInput } from '../schema/refusals.ts'
import { openCuttableWay, type CuttableWay, type Place } from '../sql/cut.testing.ts'
import { document, mention } from './facts.testing.ts'
import type { Graph } from './graph.ts'
import { openNeo4j, probeNeo4j } from './neo4j.ts'

const log = createLog({ name: 'graph', level: 'silent' })
const patience = { readMs: 500, writeMs: 500 }

/** What the adapter does while its engine is away, and when several processes use it. `url` is that of an empty Neo4j. */
export function describeOutages(url: string, empty: () => Promise<unknown>): void {
  describe('a Neo4j that comes and goes', () => {
    let way: CuttableWay<Place>
    let address: string
    const opened: Graph[] = []
    beforeEach(async () => {
      await empty()
      const { hostname, port } = new URL(url)
      way = await openCuttableWay({ host: hostname, port: Number(port) })
      address = Object.assign(new URL(url), { host: `127.0.0.1:${way.connection.port}` }).href
    })
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((graph) => graph.close()))
      await way.cut()
      await empty()
    })
    const open = (options: { patience?: typeof patience; password?: string } = {}): Graph => {
      const graph = openNeo4j({ url: address, log, ...options })
      opened.push(graph)
      return graph
    }

    it('opens while it is away, says so, and works once it is there', async () => {
      await way.cut()
      const graph = open()
      await expect(graph.health()).rejects.toThrow(EngineUnavailable)
      await expect(graph.countEntities('org_a', {})).rejects.toThrow(EngineUnavailable)
      await expect(graph.recordDocument('org_a', document('1', ['ada']))).rejects.toThrow(EngineUnavailable)
      await way.mend()
      await graph.recordDocument('org_a', document('1', ['ada']))
      expect(await graph.countEntities('org_a', {})).toBe(1)
    })

    it('goes on after its connections were cut, with nothing lost or doubled', async () => {
      const graph = open()
      await graph.recordDocument('org_a', document('0', ['ada', 'e0']))
      const numbers = Array.from({ length: 12 }, (_, index) => String(index))
      const writing = numbers.map(async (number) => {
        while (!(await isWritten(graph, number)));
      })
      for (let cuts = 0; cuts < 3; cuts++) {
        await way.cut()
        await way.mend()
        await writing[cuts * 4]
      }
      await Promise.all(writing)
      const { entities } = await graph.findEntities('org_a', { limit: 1, offset: 0 })
      expect(entities.map(({ name }) => name)).toEqual(['ada'])
      expect(await graph.countEntities('org_a', {})).toBe(numbers.length + 1)
      for (const number of numbers)
        expect(await graph.countEntitiesOfDocument('org_a', { documentId: `doc_${number}` })).toBe(2)
    })

    it('does not wait for ever on one that takes calls and says nothing', async () => {
      const graph = open({ patience })
      await graph.recordDocument('org_a', document('1', ['ada']))
      way.hush(true)
      await expect(graph.countEntities('org_a', {})).rejects.toThrow(EngineUnavailable)
      await expect(graph.setApplied('org_a', 'documents', '5')).rejects.toThrow(EngineUnavailable)
      await expect(graph.health()).rejects.toThrow(EngineUnavailable)
      way.hush(false)
      await graph.setApplied('org_a', 'documents', '6')
      expect(await graph.applied('org_a', 'documents')).toBe('6')
      expect(await graph.countEntities('org_a', {})).toBe(1)
    })

    it('is unavailable to who does not know the password, and names what answers to who does', async () => {
      const graph = open({ password: 'not the password' })
      await expect(graph.countEntities('org_a', {})).rejects.toThrow(EngineUnavailable)
      await expect(graph.health()).rejects.toThrow(EngineUnavailable)
      expect((await probeNeo4j({ url: address })).agent).toMatch(/^Neo4j\/\d+\.\d+/)
    })

    it('is unavailable once closed, and refuses what it refuses without it', async () => {
      const graph = open()
      await expect(graph.neighbours('org_a', { id: 'ent_ada', depth: 9, limit: 5 })).rejects.toThrow(InvalidInput)
      await graph.close()
      await expect(graph.countEntities('org_a', {})).rejects.toThrow(EngineUnavailable)
    })

    it('keeps to the number of documents when several processes write what they share', async () => {
      const graphs = [open(), open(), open()] as const
      const one = (number: number): Graph => graphs[number % 3] ?? graphs[0]
      const write = (number: number, words: string[], version: string) =>
        one(number).recordDocument(
          'org_a',
          document(
            String(number % 4),
            words.map((word) => mention(word)),
            { version },
          ),
        )
      const words = ['ada', 'bea', 'cat', 'dog']
      await Promise.all(Array.from({ length: 24 }, (_, number) => write(number, words.toSorted(), `v${number}`)))
      await Promise.all(Array.from({ length: 24 }, (_, number) => write(number, words.toReversed(), `w${number}`)))
      expect(await graphs[0].countEntities('org_a', {})).toBe(4)
      await Promise.all([0, 1, 2, 3].map((number) => one(number).forgetDocument('org_a', `doc_${number}`)))
      expect(await graphs[0].countEntities('org_a', {})).toBe(0)
    })
  })
}

/** Tries once; an outage is an answer too. */
async function isWritten(graph: Graph, number: string): Promise<boolean> {
  try {
    await graph.recordDocument('org_a', document(number, ['ada', `e${number}`]))
    return true
  } catch (error) {
    if (error instanceof EngineUnavailable) return false
    throw error
  }
}
