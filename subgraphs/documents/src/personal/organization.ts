import type { ErasedStore, ExportedFile } from '@passerelle/platform/privacy'
import { rowsOf } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { chunkCollection } from '../ingestion/indexing.ts'

interface Row {
  id: string
  title: string
  filename: string
  contentType: string
  kind: string | null
  hash: string | null
  createdAt: Date
}

const batch = 100

/** Takes the files and the points of an organisation away; its rows stay until all of them go, so that a repetition still knows which. */
export async function eraseFiles(
  platform: Platform,
  { organizationId, signal }: { organizationId: string; signal: AbortSignal },
): Promise<ErasedStore[]> {
  const { blobs, vectors } = platform
  let [files, points] = [0, 0]
  for await (const { id, hash } of listDocuments(platform, organizationId)) {
    signal.throwIfAborted()
    await vectors.removeDocument(organizationId, chunkCollection, id)
    points++
    if (!hash) continue
    await blobs.remove(organizationId, hash)
    files++
  }
  const arrivals = await platform.sql.withOrganization({ organizationId }, (tx) =>
    rowsOf<{ hash: string }>(tx, 'select hash from documents.arrival', []),
  )
  for (const { hash } of arrivals) await blobs.remove(organizationId, hash)
  return [
    { store: 'blobs.file', count: files + arrivals.length },
    { store: 'search.document', count: points },
  ]
}

/** Every document with its file. */
export async function* exportDocuments(
  platform: Platform,
  { organizationId, signal }: { organizationId: string; signal: AbortSignal },
): AsyncGenerator<ExportedFile> {
  for await (const { id, hash, filename } of listDocuments(platform, organizationId)) {
    signal.throwIfAborted()
    const blob = hash ? await platform.blobs.open(organizationId, hash) : null
    if (blob)
      yield { path: `documents/files/${id}/${filename.replace(/[^\p{L}\p{N}. _-]/gu, '_')}`, content: blob.stream }
  }
}

async function* listDocuments({ sql }: Platform, organizationId: string): AsyncGenerator<Row> {
  for (let after = ''; ;) {
    const rows = await sql.withOrganization({ organizationId }, (tx) =>
      rowsOf<Row>(
        tx,
        `select id, title, filename, content_type as "contentType", kind, hash, created_at as "createdAt"
         from documents.document where id > $1 order by id limit ${batch}`,
        [after],
      ),
    )
    yield* rows
    const last = rows.at(-1)
    if (!last || rows.length < batch) return
    after = last.id
  }
}
