import type { QdrantCalls } from './calls.ts'

/** The collections behind the names that we use: the one that is read, and the one that is to take its place, if there is one. */
export interface Aliases {
  current: string | null
  next: string | null
}

/** What the collection that is to take the place of `alias` is called. */
export function nextAlias(alias: string): string {
  return `${alias}-next`
}

export async function readAliases(calls: QdrantCalls, alias: string): Promise<Aliases> {
  const { aliases } = await calls.read((client) => client.getAliases())
  const behind = new Map(aliases.map(({ alias_name, collection_name }) => [alias_name, collection_name]))
  return { current: behind.get(alias) ?? null, next: behind.get(nextAlias(alias)) ?? null }
}

export async function setAlias(calls: QdrantCalls, alias: string, collection: string): Promise<void> {
  await calls((client) =>
    client.updateCollectionAliases({ actions: [{ create_alias: { collection_name: collection, alias_name: alias } }] }),
  )
}

/** In one step, so that nobody finds the index missing. */
export async function swapAliases(calls: QdrantCalls, alias: string, collection: string): Promise<void> {
  const { next } = await readAliases(calls, alias)
  const gone = [alias, ...(next ? [nextAlias(alias)] : [])]
  await calls((client) =>
    client.updateCollectionAliases({
      actions: [
        ...gone.map((alias_name) => ({ delete_alias: { alias_name } })),
        { create_alias: { collection_name: collection, alias_name: alias } },
      ],
    }),
  )
}

/** The name of the collection after this one: `passerelle-2` after `passerelle-1`. */
export function followingName(alias: string, current: string | null): string {
  const number = Number(current?.slice(alias.length + 1))
  return `${alias}-${Number.isInteger(number) ? number + 1 : 1}`
}
