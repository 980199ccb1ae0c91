import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { inSpace, point, searching } from '../points.testing.ts'
import type { QdrantVectors } from './qdrant.ts'

interface Given {
  open(): Promise<QdrantVectors>
  /** Takes the whole index away, as somebody else would. */
  drop(): Promise<void>
}

/** What this engine can do beyond the port: be filled anew while it serves. */
export function describeRenewal({ open, drop }: Given): void {
  describe('a Qdrant whose index is filled anew', () => {
    const opened: QdrantVectors[] = []
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((vectors) => vectors.close()))
      await drop()
    })
    const openAnother = async (): Promise<QdrantVectors> => {
      const vectors = await open()
      opened.push(vectors)
      return vectors
    }
    const inNewSpace = (...vector: number[]) => ({ model: 'another-embed', vector })

    it('serves from the old one until the new one is whole, and has what was written meanwhile', async () => {
      const [renewing, serving] = [await openAnother(), await openAnother()]
      const search = searching(() => serving)
      await serving.upsert('org_a', 'documents', [
        point('kept', 'ada', { dense: inSpace(1, 0) }),
        point('removed', 'ada', { dense: inSpace(0, 1) }),
      ])
      await renewing.renewal.begin()
      await serving.upsert('org_a', 'documents', [point('new', 'ada', { dense: inNewSpace(1, 1, 1) })])
      await serving.removeDocument('org_a', 'documents', 'doc_removed')
      expect(await search({ words: 'ada' })).toEqual(['kept', 'new'])
      expect(await search({ dense: inSpace(1, 0) })).toEqual(['kept'])
      await renewing.upsert('org_a', 'documents', [point('kept', 'ada', { dense: inNewSpace(1, 0, 0) })])
      await renewing.renewal.finish()
      for (const vectors of [serving, renewing]) {
        expect(await searching(() => vectors)({ words: 'ada' })).toEqual(['kept', 'new'])
        expect(await searching(() => vectors)({ dense: inNewSpace(1, 0, 0) })).toEqual(['kept', 'new'])
        expect(await searching(() => vectors)({ dense: inSpace(1, 0) })).toEqual([])
      }
      await serving.upsert('org_a', 'documents', [point('later', 'ada', { dense: inNewSpace(0, 0, 1) })])
      expect(await searching(() => renewing)({ words: 'ada' })).toEqual(['kept', 'later', 'new'])
    })

    it('goes on with what was begun, and can give it up', async () => {
      const vectors = await openAnother()
      await vectors.upsert('org_a', 'documents', [point('1', 'ada')])
      await vectors.renewal.begin()
      await vectors.upsert('org_a', 'documents', [point('2', 'ada')])
      await (await openAnother()).renewal.begin()
      await vectors.renewal.finish()
      expect(await searching(() => vectors)({ words: 'ada' })).toEqual(['2'])
      await vectors.renewal.begin()
      await vectors.renewal.abandon()
      await vectors.renewal.abandon()
      await vectors.renewal.finish()
      await vectors.upsert('org_a', 'documents', [point('3', 'ada')])
      expect(await searching(() => vectors)({ words: 'ada' })).toEqual(['2', '3'])
    })

    it('comes back from a file as it was, for everybody', async () => {
      const [vectors, other] = [await openAnother(), await openAnother()]
      const folder = await mkdtemp(join(tmpdir(), 'passerelle-snapshot-'))
      const file = join(folder, 'index')
      await vectors.upsert('org_a', 'documents', [point('1', 'ada bea', { dense: inSpace(1, 0) })])
      await vectors.upsert('org_b', 'documents', [point('1', 'ada')])
      const query = { sparse: ['ada', 'bea'], dense: inSpace(1, 0), limit: 5 }
      const before = await vectors.search('org_a', 'documents', query)
      await vectors.snapshots.save(file)
      await vectors.removeDocument('org_a', 'documents', 'doc_1')
      await vectors.upsert('org_b', 'documents', [point('2', 'ada', { dense: inNewSpace(1, 0, 0) })])
      await vectors.snapshots.restore(file)
      expect(await other.search('org_a', 'documents', query)).toEqual(before)
      expect(await searching(() => other, 'org_b')({ words: 'ada' })).toEqual(['1'])
      await other.upsert('org_a', 'documents', [point('3', 'ada', { dense: inSpace(1, 1) })])
      expect(await searching(() => vectors)({ dense: inSpace(1, 0) })).toEqual(['1', '3'])
      await rm(folder, { recursive: true })
    })

    it('begins with an empty index when somebody has taken it away', async () => {
      const vectors = await openAnother()
      await vectors.upsert('org_a', 'documents', [point('1', 'ada', { dense: inSpace(1, 0) })])
      await drop()
      expect(await vectors.count('org_a', 'documents')).toBe(0)
      await drop()
      await vectors.upsert('org_a', 'documents', [point('2', 'ada', { dense: inSpace(1, 0) })])
      expect(await searching(() => vectors)({ words: 'ada', dense: inSpace(1, 0) })).toEqual(['2'])
    })
  })
}
