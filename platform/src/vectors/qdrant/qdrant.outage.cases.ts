import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EngineUnavailable, InvalidInput } from '../../schema/refusals.ts'
import { openCuttableWay, type CuttableWay, type Place } from '../../sql/cut.testing.ts'
import { inSpace, point, searching } from '../points.testing.ts'
import type { Vectors } from '../vectors.ts'
import { probeQdrant } from './qdrant.ts'

interface Given {
  url: string
  alias: string
  open(options?: { url?: string; patience?: number; alias?: string }): Promise<Vectors>
  empty(): Promise<void>
}

/** What the adapter does while its engine is away, and when several processes begin at once. */
export function describeOutages({ url, alias, open, empty }: Given): void {
  describe('a Qdrant that comes and goes', () => {
    let way: CuttableWay<Place>
    let address = ''
    const opened: Vectors[] = []
    beforeEach(async () => {
      const { hostname, port } = new URL(url)
      way = await openCuttableWay({ host: hostname, port: Number(port) || 6333 })
      address = `http://127.0.0.1:${way.connection.port}`
    })
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((vectors) => vectors.close()))
      await way.cut()
      await empty()
    })
    const openHere = async (options: { patience?: number; alias?: string } = {}): Promise<Vectors> => {
      const vectors = await open({ url: address, ...options })
      opened.push(vectors)
      return vectors
    }

    it('opens while it is away, says so, and works once it is there', async () => {
      await way.cut()
      const vectors = await openHere()
      await expect(vectors.health()).rejects.toThrow(EngineUnavailable)
      await expect(vectors.count('org_a', 'documents')).rejects.toThrow(EngineUnavailable)
      await expect(vectors.upsert('org_a', 'documents', [point('1', 'ada')])).rejects.toThrow(EngineUnavailable)
      await expect(probeQdrant({ url: address }, alias)).rejects.toThrow(EngineUnavailable)
      await way.mend()
      await vectors.upsert('org_a', 'documents', [point('1', 'ada')])
      expect(await vectors.count('org_a', 'documents')).toBe(1)
      const found = await probeQdrant({ url: address }, alias)
      expect(found).toEqual({
        version: expect.stringMatching(/^\d+\.\d+/),
        collection: { name: expect.stringContaining(alias), points: 1 },
        renewed: false,
      })
    })

    it('goes on after its connections were cut, with nothing lost or doubled', async () => {
      const vectors = await openHere()
      const numbers = Array.from({ length: 12 }, (_, index) => index)
      const writing = numbers.map(async (number) => {
        while (!(await isWritten(vectors, number)));
      })
      for (let cuts = 0; cuts < 3; cuts++) {
        await way.cut()
        await way.mend()
        await writing[cuts * 4]
      }
      await Promise.all(writing)
      expect(await vectors.count('org_a', 'documents')).toBe(numbers.length)
      expect(await searching(() => vectors)({ words: 'all' })).toHaveLength(numbers.length)
    })

    it('does not wait for ever on one that takes calls and says nothing', async () => {
      const vectors = await openHere({ patience: 500 })
      await vectors.upsert('org_a', 'documents', [point('1', 'ada')])
      way.hush(true)
      await expect(vectors.search('org_a', 'documents', { sparse: ['ada'], limit: 5 })).rejects.toThrow(
        EngineUnavailable,
      )
      await expect(vectors.removeDocument('org_a', 'documents', 'doc_2')).rejects.toThrow(EngineUnavailable)
      await expect(vectors.health()).rejects.toThrow(EngineUnavailable)
      way.hush(false)
      expect(await vectors.search('org_a', 'documents', { sparse: ['ada'], limit: 5 })).toHaveLength(1)
    })

    it('is unavailable once closed, and refuses what it refuses without it', async () => {
      const vectors = await openHere()
      await expect(vectors.search('org_a', 'documents', { sparse: ['ada'], limit: 0 })).rejects.toThrow(InvalidInput)
      await vectors.close()
      await expect(vectors.count('org_a', 'documents')).rejects.toThrow(EngineUnavailable)
    })

    it('makes one collection and one space when several processes begin at once', async () => {
      const fresh = `${alias}-fresh`
      const several = await Promise.all([1, 2, 3].map(() => openHere({ alias: fresh })))
      await Promise.all(
        several.map((vectors, index) =>
          vectors.upsert('org_a', 'documents', [point(`${index}`, 'ada', { dense: inSpace(1, index) })]),
        ),
      )
      for (const vectors of several) {
        expect(await vectors.count('org_a', 'documents')).toBe(3)
        expect(await searching(() => vectors)({ dense: inSpace(1, 0) })).toEqual(['0', '1', '2'])
      }
    })
  })
}

/** Tries once; an outage is an answer too. */
async function isWritten(vectors: Vectors, number: number): Promise<boolean> {
  try {
    await vectors.upsert('org_a', 'documents', [point(`${number}`, `all w${number}`, { dense: inSpace(1, number) })])
    return true
  } catch (error) {
    if (error instanceof EngineUnavailable) return false
    throw error
  }
}
