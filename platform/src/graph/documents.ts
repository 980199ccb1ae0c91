import { InvalidInput } from '../schema/refusals.ts'
import { inBatches, writeVerbs, type CypherEngine, type RunVerb } from './engine.ts'
import { maxAliases, toEntityRow } from './entities.ts'
import { mentionRelations, type DocumentFacts } from './graph.ts'
import { packPlace, toMoment } from './provenance.ts'
import { stamp } from './shape.ts'

type Mention = DocumentFacts['mentions'][number]
type Relation = DocumentFacts['relations'][number]

/** Of a name that is on every page of a book, the first pages and passages are enough to know who is near. */
const maxPlaces = 32

/** A document's facts, as they are written. */
interface Paper {
  documentId: string
  version: string
  at: string
  mentions: ReadonlyMap<string, Mention>
  relations: readonly Relation[]
}

/** Writes what documents say, in one transaction; see Graph.recordDocuments. */
export async function recordDocuments(
  engine: CypherEngine,
  organizationId: string,
  documents: readonly DocumentFacts[],
): Promise<void> {
  const papers = [...new Map(documents.map((document) => [document.documentId, toPaper(document)])).values()]
  if (papers.length === 0) return
  await writeVerbs(engine, organizationId, async (run) => {
    const known = await findVersions(run, papers)
    const due = papers.filter(({ documentId, version }) => known.get(documentId) !== version)
    if (due.length === 0) return
    const replaced = due.map(({ documentId }) => documentId).filter((documentId) => known.has(documentId))
    const before = await forgetSaid(run, replaced)
    await writePapers(run, due, before)
    await recount(run, lostBy(due, before))
  })
}

/** Removes a document and what only it knew, in one transaction. */
export async function forgetDocument(engine: CypherEngine, organizationId: string, documentId: string): Promise<void> {
  await writeVerbs(engine, organizationId, async (run) => {
    const before = await forgetSaid(run, [documentId])
    await run('forget_document', { documentId })
    await recount(run, [...(before.get(documentId) ?? [])])
  })
}

async function findVersions(run: RunVerb, papers: readonly Paper[]): Promise<Map<string, string>> {
  const known = new Map<string, string>()
  await inBatches(
    papers.map(({ documentId }) => documentId),
    async (ids) => {
      for (const { documentId, version } of await run('find_documents', { ids })) known.set(documentId, version)
    },
  )
  return known
}

/** Answers what each of the documents has mentioned. */
async function forgetSaid(run: RunVerb, documentIds: readonly string[]): Promise<Map<string, Set<string>>> {
  const before = new Map<string, Set<string>>()
  const stated: { source: string; id: string }[] = []
  await inBatches(documentIds, async (ids) => {
    for (const { documentId, id } of await run('find_mentioned', { ids })) {
      before.set(documentId, (before.get(documentId) ?? new Set()).add(id))
      stated.push({ source: documentId, id })
    }
  })
  await inBatches(stated, (rows) => run('forget_relations', { rows }))
  await inBatches([...before.keys()], (ids) => run('forget_mentions', { ids }))
  return before
}

async function writePapers(
  run: RunVerb,
  papers: readonly Paper[],
  before: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<void> {
  const documents = papers.map(({ mentions, relations: _, ...paper }) => ({ ...paper, mentions: mentions.size }))
  await inBatches(documents, (rows) => run('record_documents', { rows }))
  const mentions = papers.flatMap(({ documentId, mentions }) =>
    [...mentions.values()].map((mention) => ({
      documentId,
      row: { ...toMentionRow(mention), change: before.get(documentId)?.has(mention.id) ? 0 : 1 },
    })),
  )
  await inBatches(mentions, (batch) => {
    const byDocument = Map.groupBy(batch, ({ documentId }) => documentId)
    const parts = [...byDocument].map(([id, rows]) => ({ id, rows: rows.map(({ row }) => row) }))
    return run('record_mentions', { documents: parts, maxAliases })
  })
  const relations = papers.flatMap(({ documentId: source, at, relations }) =>
    relations.map((relation) => ({ ...relation, ...packPlace(relation), source, at })),
  )
  await inBatches(relations, (rows) => run('record_relations', { rows }))
}

/** The entities that a document does not mention any more, once for each such document. */
function lostBy(papers: readonly Paper[], before: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return papers.flatMap(({ documentId, mentions }) =>
    [...(before.get(documentId) ?? [])].filter((id) => !mentions.has(id)),
  )
}

async function recount(run: RunVerb, lost: readonly string[]): Promise<void> {
  const changes = [...Map.groupBy(lost, (id) => id)].map(([id, times]) => ({ id, change: -times.length }))
  await inBatches(changes, (rows) => run('recount_documents', { rows }))
  await inBatches(
    changes.map(({ id }) => id),
    (ids) => run('forget_orphans', { ids }),
  )
}

function toPaper(document: DocumentFacts): Paper {
  const mentions = mergeMentions(document.mentions)
  return {
    documentId: document.documentId,
    version: stamp(document.version),
    at: toMoment(document.at),
    mentions,
    relations: checkedRelations(document, mentions),
  }
}

function toMentionRow(mention: Mention): Record<string, unknown> {
  const { relation, count, confidence, extractor, pages, chunks } = mention
  return {
    ...toEntityRow(mention),
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

function checkedRelations(document: DocumentFacts, mentions: ReadonlyMap<string, Mention>): Relation[] {
  const distinct = new Map<string, Relation>()
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
