import { publish } from '@passerelle/platform/facts'
import { newId } from '@passerelle/platform/ids'
import { optionalLine, requiredLine } from '@passerelle/platform/records'
import { NotFound, parseInput, subscriptionOf, type Viewer } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { z } from 'zod'
import { changed, changedType, collectionChanged } from './collection.facts.ts'
import { NameTaken } from './collection.refusals.ts'
import {
  deleteCollectionRow,
  deleteMembers,
  holdCollection,
  insertCollection,
  insertMembers,
  isNameTaken,
  loadCollections,
  updateCollection,
} from './collection.store.ts'
import { loadDocuments } from '../document/document.store.ts'

/** Documents of an organisation that people keep together under a name. */
export interface Collection {
  id: string
  name: string
  description: string | null
  createdAt: Date
}

const newCollection = z.object({
  name: requiredLine('A name', 100).transform((name) => name.normalize('NFC').toWellFormed()),
  description: optionalLine('A description', 500),
})
type NewCollection = z.input<typeof newCollection>

const members = z.object({
  collectionId: z.string(),
  documentIds: z.array(z.string()).max(1_000, 'At most 1,000 documents are given at once.'),
})
type Members = z.input<typeof members>

/** Makes an empty collection. InvalidInput for a name that cannot be; NameTaken for another's, whatever the case. */
export async function createCollection(platform: Platform, viewer: Viewer, input: NewCollection): Promise<Collection> {
  const { name, description = null } = parseInput(newCollection, input)
  const collection = { id: newId('col'), name, description, createdAt: new Date() }
  const written = platform.sql.withOrganization(viewer, async (tx) => {
    await insertCollection(tx, viewer, collection)
    publish(tx, collectionChanged({ collectionId: collection.id }))
    return collection
  })
  return written.catch(refuseTaken)
}

/** Gives a collection another name; its description stays unless one is given. The same refusals, and NotFound. */
export async function renameCollection(
  platform: Platform,
  viewer: Viewer,
  { id, ...input }: NewCollection & { id: string },
): Promise<Collection> {
  const { name, description } = parseInput(newCollection, input)
  const written = platform.sql.withOrganization(viewer, async (tx) => {
    const held = await changeCollection(tx, id)
    const next = { ...held, name, ...(description !== undefined && { description }) }
    await updateCollection(tx, next)
    return next
  })
  return written.catch(refuseTaken)
}

/** The documents in it stay. NotFound when there is none. */
export function deleteCollection(platform: Platform, viewer: Viewer, id: string): Promise<{ id: string }> {
  return platform.sql.withOrganization(viewer, async (tx) => {
    await changeCollection(tx, id)
    await deleteCollectionRow(tx, id)
    return { id }
  })
}

/** Puts documents in; those that are in stay. NotFound, and nothing written, when there is no such collection or one of them is no document. */
export async function addToCollection(platform: Platform, viewer: Viewer, input: Members): Promise<Collection> {
  const { collectionId, documentIds } = parseInput(members, input)
  return platform.sql.withOrganization(viewer, async (tx) => {
    const collection = await changeCollection(tx, collectionId)
    const found = await loadDocuments(tx, documentIds)
    if (documentIds.some((id) => !found.has(id))) throw new NotFound('One of these documents is not there.')
    await insertMembers(tx, viewer, { collectionId, documentIds: [...found.values()].map(({ id }) => id) })
    return collection
  })
}

/** Takes documents out; one that is not in is passed over. NotFound when there is no such collection. */
export async function removeFromCollection(platform: Platform, viewer: Viewer, input: Members): Promise<Collection> {
  const { collectionId, documentIds } = parseInput(members, input)
  return platform.sql.withOrganization(viewer, async (tx) => {
    const collection = await changeCollection(tx, collectionId)
    const found = await loadDocuments(tx, documentIds)
    await deleteMembers(tx, { collectionId, documentIds: [...found.values()].map(({ id }) => id) })
    return collection
  })
}

/** A collection after a change; null once it is deleted. */
export interface CollectionChange {
  id: string
  collection: Collection | null
  cursor: string
}

/** Every change of the organisation's collections, from now on or after a cursor. */
export function watchCollections(
  platform: Platform,
  viewer: Viewer,
  { after, signal }: { after?: string | null | undefined; signal: AbortSignal },
): AsyncIterableIterator<CollectionChange> {
  const facts = platform.facts.subscribe(viewer.organizationId, { types: [changedType], after, signal })
  return subscriptionOf(facts, async ({ payload, position }) => {
    const id = changed.parse(payload).collectionId
    const found = await platform.sql.withOrganization(viewer, (tx) => loadCollections(tx, [id]))
    return { id, collection: found.get(id) ?? null, cursor: position }
  })
}

/** The collection, held, and the word that it changes. */
async function changeCollection(tx: Tx, id: string): Promise<Collection> {
  const collection = await holdCollection(tx, id)
  if (!collection) throw new NotFound()
  publish(tx, collectionChanged({ collectionId: id }))
  return collection
}

function refuseTaken(error: unknown): never {
  throw isNameTaken(error) ? new NameTaken() : error
}
