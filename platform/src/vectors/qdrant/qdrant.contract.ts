import { randomUUID } from 'node:crypto'
import { afterAll, it } from 'vitest'
import { createLog } from '../../log/log.ts'
import { describeVectors } from '../vectors.cases.ts'
import { meanLength } from './points.ts'
import { describeOutages } from './qdrant.outage.cases.ts'
import { describeRenewal } from './qdrant.renewal.cases.ts'
import { dropQdrantIndex, emptyQdrantIndex } from './qdrant.testing.ts'
import { openQdrantVectors } from './qdrant.ts'

const url = process.env.QDRANT_TEST_URL
const apiKey = process.env.QDRANT_TEST_API_KEY

if (url) describeQdrant({ url, apiKey })
else it('keeps the promise of the vectors port on Qdrant', ({ skip }) => skip('QDRANT_TEST_URL is not set'))

/** One index of this run's own for all cases, emptied after each: making one takes a server longer than most cases do. */
function describeQdrant(target: { url: string; apiKey: string | undefined }): void {
  const alias = `test-${randomUUID()}`
  const log = createLog({ name: 'vectors', level: 'silent' })
  const open = async (options: { url?: string; patience?: number; alias?: string } = {}) =>
    openQdrantVectors({ ...target, alias, log, ...options })
  const empty = () => emptyQdrantIndex(target, alias)
  afterAll(() => dropQdrantIndex(target, alias))
  describeVectors('Qdrant', async () => ({ open, destroy: empty }), { meanLength, digits: 4 })
  describeOutages({ url: target.url, alias, open, empty })
  const renewed = `${alias}-renewed`
  describeRenewal({ open: () => open({ alias: renewed }), drop: () => dropQdrantIndex(target, renewed) })
}
