import { InvalidInput } from '../schema/refusals.ts'
import { inBatches, readingVerbs, type CypherEngine, type VerbRows } from './engine.ts'
import { loadEntities } from './entities.ts'
import type { RelationKey, RelationSource } from './graph.ts'
import { unpackBoxes, unpackPlace } from './provenance.ts'
import { coMention } from './steps.ts'

const maxSources = 100
/** Documents of the rarer ends that are looked through for the other ends, the latest, shared by the relations asked for. */
const documentsBudget = 10_000

/** What states each of the relations, in their order; see Graph.relationSources. */
export async function findRelationSources(
  engine: CypherEngine,
  organizationId: string,
  { relations, limit }: { relations: readonly RelationKey[]; limit: number },
): Promise<RelationSource[][]> {
  if (!Number.isInteger(limit) || limit < 1 || limit > maxSources)
    throw new InvalidInput(`1 to ${maxSources} sources can be asked for.`, ['first'])
  const run = readingVerbs(engine, organizationId)
  const sources = relations.map((): RelationSource[] => [])
  const rows = relations.map(({ from, to, type }, index) => ({ index, from, to, type }))
  const stated = rows.filter(({ type }) => type !== coMention)
  const common = await fromTheRarer(
    engine,
    organizationId,
    rows.filter(({ type }) => type === coMention),
  )
  await inBatches(stated, async (batch) => {
    for (const row of await run('find_relation_sources', { rows: batch, limit }))
      sources[row.index]?.push(toStated(row))
  })
  const sample = Math.max(limit, Math.floor(documentsBudget / Math.max(common.length, 1)))
  await inBatches(common, async (batch) => {
    for (const row of await run('find_common_documents', { rows: batch, sample, limit }))
      sources[row.index]?.push(toCommon(row))
  })
  return sources
}

interface Asked extends RelationKey {
  index: number
}

/** Documents in common are looked for from the end that fewer documents mention: a town's ten thousand are never read for one driver's three. */
async function fromTheRarer(engine: CypherEngine, organizationId: string, rows: readonly Asked[]): Promise<Asked[]> {
  if (rows.length === 0) return []
  const entities = await loadEntities(
    engine,
    organizationId,
    rows.flatMap(({ from, to }) => [from, to]),
  )
  const documents = new Map(entities.map((entity) => [entity.id, entity.documents]))
  return rows.map((row) =>
    (documents.get(row.from) ?? 0) <= (documents.get(row.to) ?? 0) ? row : { ...row, from: row.to, to: row.from },
  )
}

function toStated(row: VerbRows['find_relation_sources']): RelationSource {
  const place = unpackPlace(row)
  return {
    documentId: place ? row.source : null,
    recordEntityId: place ? null : row.source,
    at: new Date(row.at),
    place,
    confidence: row.confidence,
    extractor: row.extractor,
  }
}

/** Both are named in the document: at the places that say most of each, and on the first page that has both, if one has. */
function toCommon(row: VerbRows['find_common_documents']): RelationSource {
  const boxes = [...unpackBoxes(row.fromBoxes), ...unpackBoxes(row.toBoxes)]
  const page = row.fromPages.find((each) => row.toPages.includes(each)) ?? row.fromPage
  const chunk = row.fromChunks.find((each) => row.toChunks.includes(each)) ?? null
  return {
    documentId: row.documentId,
    recordEntityId: null,
    at: new Date(row.at),
    place: { page, chunk, boxes },
    confidence: Math.min(row.fromConfidence, row.toConfidence),
    extractor: row.fromExtractor === row.toExtractor ? row.fromExtractor : `${row.fromExtractor}, ${row.toExtractor}`,
  }
}
