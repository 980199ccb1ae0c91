import { rowsOf, type Tx } from '@passerelle/platform/sql'
import type { Run } from '../status/status.store.ts'

/** Documents that are READY without vectors and due, the oldest first. They are not due again until they are postponed or read anew. */
export function takeUnembedded(tx: Tx, { now, limit }: { now: Date; limit: number }): Promise<Run[]> {
  return rowsOf<Run>(
    tx,
    `update documents.document set embedding_due = 'infinity' where id in (
       select id from documents.document
       where stage = 'READY' and embedding_model is null and same_as is null and embedding_due <= $1
       order by id limit $2 for update skip locked)
     returning id as "documentId", run`,
    [now, limit],
  )
}

/** The same for documents whose vectors are of a model that the organisation does not use any more. */
export function takeEmbeddedBy(
  tx: Tx,
  { model, now, limit }: { model: string; now: Date; limit: number },
): Promise<Run[]> {
  return rowsOf<Run>(
    tx,
    `update documents.document set reembedding_due = 'infinity' where id in (
       select id from documents.document
       where stage = 'READY' and embedding_model = $1 and same_as is null and reembedding_due <= $2
       order by id limit $3 for update skip locked)
     returning id as "documentId", run`,
    [model, now, limit],
  )
}

/** Documents whose points have been written, in the order of their ids; only those that have vectors when that is asked. */
export function listIndexed(
  tx: Tx,
  { after, limit, embeddedOnly }: { after: string; limit: number; embeddedOnly: boolean },
): Promise<Run[]> {
  return rowsOf<Run>(
    tx,
    `select id as "documentId", run from documents.document
     where stage in ('INDEXING', 'LINKING', 'READY') and same_as is null and id > $1 and (embedding_model is not null or not $2) order by id limit $3`,
    [after, embeddedOnly, limit],
  )
}

/** The spaces of other models than this one in which documents lie, at most the two that stand next to it in their order: there is hardly ever one. */
export async function listOtherSpaces(tx: Tx, model: string): Promise<string[]> {
  const ready = `stage = 'READY' and embedding_model is not null and same_as is null`
  const rows = await rowsOf<{ model: string }>(
    tx,
    `(select embedding_model as model from documents.document where ${ready} and embedding_model < $1 order by embedding_model desc limit 1)
     union all
     (select embedding_model from documents.document where ${ready} and embedding_model > $1 order by embedding_model limit 1)`,
    [model],
  )
  return rows.map((row) => row.model)
}

/** Those of the documents that may have points. */
export async function findIndexed(tx: Tx, documentIds: readonly string[]): Promise<Set<string>> {
  const rows = await rowsOf<{ id: string }>(tx, 'select id from documents.document where id = any($1)', [documentIds])
  return new Set(rows.map(({ id }) => id))
}

/** Lets the document be asked for when the model changes the next time. */
export async function settleEmbedding(tx: Tx, documentId: string): Promise<void> {
  await rowsOf(tx, 'update documents.document set reembedding_due = now() where id = $1', [documentId])
}

/** Makes the document due again in a minute: a model that fails on this one must not be asked all the time. */
export async function postponeEmbedding(tx: Tx, documentId: string): Promise<void> {
  const due = `now() + interval '1 minute'`
  await rowsOf(tx, `update documents.document set embedding_due = ${due}, reembedding_due = ${due} where id = $1`, [
    documentId,
  ])
}
