import { connectQdrant, type QdrantTarget } from './calls.ts'

/** Removes the collections behind an alias of tests, and what their names begin with. */
export async function dropQdrantIndex(target: QdrantTarget, alias: string): Promise<void> {
  const calls = connectQdrant(target)
  const { collections } = await calls((client) => client.getCollections())
  for (const { name } of collections) if (name.startsWith(alias)) await calls((client) => client.deleteCollection(name))
}

/** Takes every point out of an index of tests. */
export async function emptyQdrantIndex(target: QdrantTarget, alias: string): Promise<void> {
  await connectQdrant(target)((client) => client.delete(alias, { filter: { must: [] }, wait: true }))
}
