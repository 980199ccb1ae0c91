import { entityId } from '@passerelle/platform/identifiers'
import { EngineUnavailable, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import type { Document } from '../document/document.ts'
import { chunkCollection } from '../ingestion/indexing.ts'
import { listDocumentsOf } from '../document/document-list.store.ts'

/** How many passages are looked through for a tracking number that no rule recognises. */
const mostPassages = 500
const names = ['ORGANIZATION', 'PERSON', 'PLACE']

/**
 * The documents of an operational record, newest first: those that mention what its keys name, and those that print its tracking number
 * where nothing says that it is one.
 */
export async function listRecordDocuments(
  platform: Platform,
  viewer: Viewer,
  { linkKeys, page }: { linkKeys: readonly string[]; page: PageRequest },
): Promise<Page<Document>> {
  const entityIds = linkKeys.flatMap((key) => toEntityIds(viewer.organizationId, key))
  const documentIds = await findPrinted(platform, viewer, linkKeys)
  return listDocumentsOf(platform.sql, viewer, { entityIds, documentIds, page })
}

/** The entities a key may be in documents: `SIREN:732829320` is an identifier, `NAME:durand` a company, a person or a place. */
function toEntityIds(organizationId: string, linkKey: string): string[] {
  const { kind, key } = split(linkKey)
  if (kind === 'NAME') return names.map((type) => entityId({ organizationId, type, kind: null, key }))
  if (kind === 'ADDRESS') return [entityId({ organizationId, type: 'PLACE', kind: null, key })]
  return [entityId({ organizationId, type: 'IDENTIFIER', kind, key })]
}

/** Documents in whose text a tracking number stands as one word; none while the index is away, because the mentions still answer. */
async function findPrinted(
  { vectors, log }: Platform,
  { organizationId }: Viewer,
  linkKeys: readonly string[],
): Promise<string[]> {
  const terms = linkKeys.map(split).flatMap(({ kind, key }) => {
    const term = key.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
    return kind === 'TRACKING_NUMBER' && term.length >= 5 && /\d/.test(term) ? [term] : []
  })
  if (terms.length === 0) return []
  try {
    const points = await vectors.search(organizationId, chunkCollection, { sparse: terms, limit: mostPassages })
    return [...new Set(points.map((point) => point.documentId))]
  } catch (error) {
    if (!(error instanceof EngineUnavailable)) throw error
    log.warn({ err: error }, 'a record’s documents are found by mentions alone')
    return []
  }
}

function split(linkKey: string): { kind: string; key: string } {
  const colon = linkKey.indexOf(':')
  return { kind: linkKey.slice(0, colon), key: linkKey.slice(colon + 1) }
}
