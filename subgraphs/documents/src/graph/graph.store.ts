import { rowsOf, type Tx } from '@passerelle/platform/sql'
import { loadDocuments } from '../document/document.store.ts'
import type { Run } from '../status/status.store.ts'

/** A document whose mentions the graph has to take over. */
export interface Due extends Run {
  /** Changes whenever its mentions do. */
  version: string
  /** When it came in. */
  at: Date
  /** How many entities it mentions. */
  entities: number
}

/** Those of the runs that are their documents' still, each document once, by the latest that tells of it. */
export async function findDue(tx: Tx, linked: readonly (Run & { version: string })[]): Promise<Due[]> {
  const latest = new Map(linked.map((run) => [run.documentId, run]))
  const documents = await loadDocuments(tx, [...latest.keys()])
  const counts = await countEntities(tx, [...latest.keys()])
  return [...latest.values()].flatMap((run) => {
    const document = documents.get(run.documentId)
    if (document?.run !== run.run) return []
    return [{ ...run, at: document.createdAt, entities: counts.get(run.documentId) ?? 0 }]
  })
}

async function countEntities(tx: Tx, documentIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await rowsOf<{ document_id: string; entities: number }>(
    tx,
    `select document_id, count(distinct entity_id)::int as entities from documents.mention
     where document_id = any($1) group by document_id`,
    [documentIds],
  )
  return new Map(rows.map((row) => [row.document_id, row.entities]))
}

/** Those of the runs whose documents became READY without the graph. */
export async function findWithoutGraph(tx: Tx, runs: readonly Run[]): Promise<Run[]> {
  const rows = await rowsOf<{ id: string }>(
    tx,
    `select id from documents.document where id = any($1) and stage = 'READY' and 'LINKING' = any(degraded)`,
    [runs.map(({ documentId }) => documentId)],
  )
  const ids = new Set(rows.map(({ id }) => id))
  return runs.filter(({ documentId }) => ids.has(documentId))
}
