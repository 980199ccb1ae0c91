import { newId } from '@passerelle/platform/ids'
import {
  createMatcher,
  type ErasureRequest,
  type ExportRequest,
  type ExportedFile,
  type Holding,
  type PersonalData,
  type SubjectRequest,
} from '@passerelle/platform/privacy'
import { findInTexts, loadInTexts, maskInTexts, type TextTable } from '@passerelle/platform/privacy/texts'
import { searchColumn, sortName } from '@passerelle/platform/records'
import { publish } from '@passerelle/platform/facts'
import type { Platform } from '@passerelle/platform/subgraph'
import { collectionChanged } from '../collections/collection.facts.ts'
import { removeUnheld } from '../document/document-bytes.ts'
import { takeOut } from '../document/document-removal.ts'
import { lockDocument } from '../document/document.store.ts'
import { chunkCollection } from '../ingestion/indexing.ts'
import { mustKeepFile } from './legal.ts'
import { eraseFiles, exportDocuments } from './organization.ts'
import {
  countParts,
  findNaming,
  listPlaces,
  loadNaming,
  loadWithheld,
  matcherOf,
  type NamingDocument,
} from './person.store.ts'
import { redactDocument } from './redaction.ts'
import { loadSharesOf } from '../shares/share.store.ts'
import { documentRetention } from './retention.ts'

/** A collection may be called after somebody. */
const collections: TextTable = {
  name: 'documents.collection',
  row: 'id',
  texts: ['name', 'description'],
  made: ({ name, description }) => ({
    // Two names may be the same once they are covered; their keys are not.
    name_key: `${name?.toLowerCase()} ${newId('col')}`,
    sort_name: sortName(name ?? ''),
    search: searchColumn([name ?? null, description ?? null]),
  }),
}

/** What documents know of people: files, what was read from them, what they mention, the search index, and whom collections are called after. */
export const personalData: PersonalData = {
  find: findPerson,
  export: exportPerson,
  erase: erasePerson,
  eraseOrganization: eraseFiles,
  exportOrganization: exportDocuments,
  retention: documentRetention,
}

async function findPerson({ sql }: Platform, { organizationId, subject }: SubjectRequest): Promise<Holding[]> {
  return sql.withOrganization({ organizationId }, async (tx) => {
    const ids = await findNaming(tx, subject, await matcherOf(tx, subject))
    const naming = await loadNaming(tx, ids)
    const parts = ids.length === 0 ? { pages: [], chunks: [], mentions: [] } : await countParts(tx, ids)
    const unfinished = (await loadWithheld(tx)).map(({ id }) => id)
    const holdings: Holding[] = [
      { store: 'documents.document', ids },
      { store: 'documents.page', ids: parts.pages },
      { store: 'documents.chunk', ids: parts.chunks },
      { store: 'documents.mention', ids: parts.mentions },
      { store: 'search.point', ids: parts.chunks },
      { store: 'documents.reading', ids: unfinished },
      { store: 'documents.collection', ids: await findInTexts(tx, collections, createMatcher(subject)) },
      ...filesOf(naming),
    ]
    return holdings.filter((one) => one.ids.length > 0)
  })
}

/** The files that go, and those that the law keeps. */
function filesOf(documents: readonly NamingDocument[]): Holding[] {
  const files = documents.filter(({ hash }) => hash !== null)
  const kept = files.filter((one) => mustKeepFile(one))
  const idsOf = (some: readonly NamingDocument[]): string[] => some.flatMap(({ hash }) => hash ?? [])
  return [
    { store: 'blobs.file', ids: idsOf(files.filter((one) => !kept.includes(one))) },
    { store: 'blobs.file', ids: idsOf(kept), kept: 'LEGAL_RETENTION' },
  ]
}

async function* exportPerson(
  { sql, blobs }: Platform,
  { organizationId, subject, clientIds, signal }: ExportRequest,
): AsyncGenerator<ExportedFile> {
  const { naming, places, shared, called } = await sql.withOrganization({ organizationId }, async (tx) => ({
    naming: await loadNaming(tx, await findNaming(tx, subject, await matcherOf(tx, subject))),
    places: subject.entityIds.length > 0 ? await listPlaces(tx, subject.entityIds) : [],
    shared: await loadSharesOf(tx, clientIds),
    called: await loadInTexts(tx, collections, createMatcher(subject)),
  }))
  const documents = naming.map(({ hash: _, withheld: __, stage: ___, ...document }) => document)
  yield { path: 'documents/documents.json', content: JSON.stringify(documents, null, 2) }
  yield { path: 'documents/mentions.json', content: JSON.stringify(places, null, 2) }
  if (shared.length > 0) yield { path: 'documents/shared.json', content: JSON.stringify(shared, null, 2) }
  if (called.length > 0) yield { path: 'documents/collections.json', content: JSON.stringify(called, null, 2) }
  for (const { id, hash, filename, withheld } of naming) {
    signal.throwIfAborted()
    const blob = hash && !withheld ? await blobs.open(organizationId, hash) : null
    if (blob)
      yield { path: `documents/files/${id}/${filename.replace(/[^\p{L}\p{N}. _-]/gu, '_')}`, content: blob.stream }
  }
}

async function erasePerson(platform: Platform, request: ErasureRequest): Promise<void> {
  const { organizationId, subject, choice, signal } = request
  const { sql, vectors } = platform
  const scope = { organizationId }
  const { matcher, naming } = await sql.withOrganization(scope, async (tx) => {
    const found = await matcherOf(tx, subject)
    return { matcher: found, naming: await loadNaming(tx, await findNaming(tx, subject, found)) }
  })
  await sql.withOrganization(scope, async (tx) => {
    for (const collectionId of await maskInTexts(tx, collections, matcher))
      publish(tx, collectionChanged({ collectionId }))
  })
  for (const document of naming) {
    signal.throwIfAborted()
    const documentId = document.id
    const mustKeep = mustKeepFile(document)
    const hash = await sql.withOrganization(scope, async (tx) => {
      if (choice === 'REDACT_MENTIONS' || mustKeep)
        return redactDocument(tx, platform, { documentId, matcher, mustKeep })
      await lockDocument(tx, documentId)
      await takeOut(tx, document)
      return document.hash
    })
    // The reading that follows, or the fact, does the same; done here, it is over when this is.
    await vectors.removeDocument(organizationId, chunkCollection, documentId)
    if (hash) await removeUnheld(platform, organizationId, hash)
  }
}
