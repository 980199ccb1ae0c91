import { InvalidInput } from '../schema/refusals.ts'
import { inBatches, writeVerbs, type CypherEngine, type RunVerb } from './engine.ts'
import { recordEntities } from './entities.ts'
import { mentionRelations, type DocumentFacts } from './graph.ts'

type Mention = DocumentFacts['mentions'][number]

/** Writes what a document says, in one transaction; see Graph.recordDocument. */
export async function recordDocument(
  engine: CypherEngine,
  organizationId: string,
  document: DocumentFacts,
): Promise<void> {
  const { documentId, version } = document
  const mentions = mergeMentions(document.mentions)
  const relations = checkedRelations(document, mentions)
  await writeVerbs(engine, organizationId, async (run) => {
    const [known] = await run('find_document', { documentId })
    if (known?.version === version) return
    const before = await forgetSaid(run, documentId)
    await recordEntities(run, [...mentions.values()])
    await run('record_document', { documentId, version, mentions: mentions.size })
    const rows = [...mentions.values()].map(({ id, relation, count, confidence, page, extractor }) => ({
      id,
      relation,
      count,
      confidence,
      page,
      extractor,
    }))
    await inBatches(rows, (batch) => run('record_mentions', { documentId, rows: batch }))
    await inBatches(relations, (batch) => run('record_relations', { source: documentId, rows: batch }))
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

/** One mention per entity: counts add up, the strongest relation and the surest mention are kept, on the first page. */
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
        page: Math.min(mention.page, other.page),
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
