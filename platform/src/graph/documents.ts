import { InvalidInput } from '../schema/refusals.ts'
import { inBatches, writeVerbs, type CypherEngine, type RunVerb } from './engine.ts'
import { recordEntities } from './entities.ts'
import { mentionRelations, type DocumentFacts } from './graph.ts'
import { packPlace, toMoment } from './provenance.ts'
import { stamp } from './shape.ts'

type Mention = DocumentFacts['mentions'][number]

/** Of a name that is on every page of a book, the first pages and passages are enough to know who is near. */
const maxPlaces = 32

/** Writes what a document says, in one transaction; see Graph.recordDocument. */
export async function recordDocument(
  engine: CypherEngine,
  organizationId: string,
  document: DocumentFacts,
): Promise<void> {
  const { documentId } = document
  const version = stamp(document.version)
  const at = toMoment(document.at)
  const mentions = mergeMentions(document.mentions)
  const relations = checkedRelations(document, mentions)
  await writeVerbs(engine, organizationId, async (run) => {
    const [known] = await run('find_document', { documentId })
    if (known?.version === version) return
    const before = known ? await forgetSaid(run, documentId) : new Set<string>()
    await recordEntities(run, [...mentions.values()])
    await run('record_document', { documentId, version, at, mentions: mentions.size })
    const rows = [...mentions.values()].map(toMentionRow)
    await inBatches(rows, (batch) => run('record_mentions', { documentId, rows: batch }))
    const stated = relations.map((relation) => ({ ...relation, ...packPlace(relation) }))
    await inBatches(stated, (batch) => run('record_relations', { source: documentId, at, rows: batch }))
    await recount(run, before, new Set(mentions.keys()))
  })
}

/** Removes a document and what only it knew, in one transaction. */
export async function forgetDocument(engine: CypherEngine, organizationId: string, documentId: string): Promise<void> {
  await writeVerbs(engine, organizationId, async (run) => {
    const before = await forgetSaid(run, documentId)
    await run('forget_document', { documentId })
    await recount(run, before, new Set())
  })
}

async function forgetSaid(run: RunVerb, documentId: string): Promise<Set<string>> {
  const rows = await run('find_mentioned', { documentId })
  const mentioned = rows.map(({ id }) => id)
  await inBatches(mentioned, (ids) => run('forget_relations', { source: documentId, ids }))
  if (mentioned.length > 0) await run('forget_mentions', { documentId })
  return new Set(mentioned)
}

async function recount(run: RunVerb, before: ReadonlySet<string>, after: ReadonlySet<string>): Promise<void> {
  const lost = [...before.difference(after)]
  const changes = [
    ...lost.map((id) => ({ id, change: -1 })),
    ...[...after.difference(before)].map((id) => ({ id, change: 1 })),
  ]
  await inBatches(changes, (rows) => run('recount_documents', { rows }))
  await inBatches(lost, (ids) => run('forget_orphans', { ids }))
}

function toMentionRow(mention: Mention): Record<string, unknown> {
  const { id, relation, count, confidence, extractor, pages, chunks } = mention
  return {
    id,
    relation,
    count,
    confidence,
    extractor,
    ...packPlace(mention),
    pages: pages.slice(0, maxPlaces),
    chunks: chunks.slice(0, maxPlaces),
  }
}

function united(left: readonly number[], right: readonly number[]): number[] {
  return [...new Set([...left, ...right])].sort((a, b) => a - b)
}

/** One mention per entity: counts add up, the strongest relation and the surest mention are kept. */
function mergeMentions(mentions: readonly Mention[]): Map<string, Mention> {
  const merged = new Map<string, Mention>()
  for (const mention of mentions) {
    const other = merged.get(mention.id)
    if (!other) merged.set(mention.id, mention)
    else {
      const surest = mention.confidence > other.confidence ? mention : other
      merged.set(mention.id, {
        ...surest,
        relation:
          mentionRelations.find((relation) => relation === mention.relation || relation === other.relation) ??
          'MENTIONS',
        count: mention.count + other.count,
        pages: united(mention.pages, other.pages),
        chunks: united(mention.chunks, other.chunks),
      })
    }
  }
  return merged
}

function checkedRelations(
  document: DocumentFacts,
  mentions: ReadonlyMap<string, Mention>,
): DocumentFacts['relations'][number][] {
  const distinct = new Map<string, DocumentFacts['relations'][number]>()
  for (const relation of document.relations) {
    if (!mentions.has(relation.from) || !mentions.has(relation.to)) {
      throw new InvalidInput('A relation joins two entities that its document mentions.', ['relations'])
    }
    const key = `${relation.from} ${relation.type} ${relation.to}`
    const other = distinct.get(key)
    if (!other || other.confidence < relation.confidence) distinct.set(key, relation)
  }
  return [...distinct.values()]
}
