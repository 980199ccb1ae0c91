import { InvalidInput } from '../schema/refusals.ts'
import { readingVerbs, type CypherEngine, type RunVerb, type VerbRows } from './engine.ts'
import { loadEntities } from './entities.ts'
import type { CoMention, CoMentionQuery, CoMentions, GraphEntity } from './graph.ts'
import { toBounds } from './provenance.ts'
import { compareIds } from './steps.ts'

const maxCoMentions = 100
/** How many documents of the entity are read, those that mention it most; and how many entities of theirs are compared. */
const budget = { documents: 400, mentions: 20_000, rows: 2_000 }

type Shared = VerbRows['find_shared_mentions']

/** What is named together with an entity; see CoMention. */
export async function findCoMentions(
  engine: CypherEngine,
  organizationId: string,
  { id, types, limit, ...period }: CoMentionQuery,
): Promise<CoMentions> {
  if (!Number.isInteger(limit) || limit < 1 || limit > maxCoMentions)
    throw new InvalidInput(`1 to ${maxCoMentions} can be asked for.`, ['first'])
  const run = readingVerbs(engine, organizationId)
  const places = await run('find_mentioning_documents', { id, ...toBounds(period), limit: budget.documents })
  const read = withinBudget(places)
  if (read.length === 0) return { coMentions: [], truncated: false }
  const rows = read.map(({ documentId, pages, chunks }) => ({ documentId, pages, chunks }))
  const [found, total] = await Promise.all([
    run('find_shared_mentions', { id, rows, types: types ?? null, limit: budget.rows }),
    countDocuments(run),
  ])
  const entities = await loadEntities(
    engine,
    organizationId,
    found.map((row) => row.id),
  )
  const ranked = rank(found, { entities, sample: read.length, total })
  return {
    coMentions: ranked.slice(0, limit),
    truncated: ranked.length > limit || read.length < (places[0]?.documents ?? 0) || found.length === budget.rows,
  }
}

async function countDocuments(run: RunVerb): Promise<number> {
  const [row] = await run('count_documents', {})
  return row?.count ?? 0
}

function withinBudget<Row extends { mentions: number }>(places: readonly Row[]): Row[] {
  let read = 0
  return places.filter(({ mentions }, index) => (read += mentions) <= budget.mentions || index === 0)
}

function rank(
  rows: readonly Shared[],
  { entities, sample, total }: { entities: readonly GraphEntity[]; sample: number; total: number },
): CoMention[] {
  const byId = new Map(entities.map((entity) => [entity.id, entity]))
  const all = rows.flatMap(({ id, documents, pages, passages }): CoMention[] => {
    const entity = byId.get(id)
    if (!entity) return []
    const expected = (sample * Math.max(entity.documents, documents)) / Math.max(total, 1)
    // Every document in common counts a little, so that where nothing is surprising (one document, a graph of five) what is near comes first.
    const together = surprise({ documents, expected, sample }) + documents / 10
    const nearness = 1 + (pages + 2 * passages) / documents
    return [{ entity, documents, pages, passages, lift: documents / expected, score: together * nearness }]
  })
  return all.sort((a, b) => b.score - a.score || b.documents - a.documents || compareIds(a.entity.id, b.entity.id))
}

/** Dunning's log-likelihood ratio that `documents` of `sample` are more than the `expected`; 0 when they are not. */
function surprise({ documents, expected, sample }: { documents: number; expected: number; sample: number }): number {
  if (documents <= expected) return 0
  const part = (seen: number, awaited: number) => (seen === 0 ? 0 : seen * Math.log(seen / awaited))
  return 2 * (part(documents, expected) + part(sample - documents, sample - expected))
}
