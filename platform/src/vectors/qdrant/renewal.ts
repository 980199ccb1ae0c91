import { followingName, nextAlias, readAliases, setAlias, swapAliases } from './aliases.ts'
import type { QdrantCalls } from './calls.ts'
import { createCollection, type QdrantLayout } from './layout.ts'

/**
 * Fills an index anew while the old one serves: for another embedding model, or another layout. From `begin` on, every process writes to both
 * collections; whoever renews writes every document again with the verbs of the port; `finish` then puts the new one in the old one's place, in one step.
 */
export interface Renewal {
  /** Makes the collection to be filled; one that was begun and not finished goes on. */
  begin(): Promise<void>
  /** Refused, by an error, when nothing was begun. */
  finish(): Promise<void>
  /** Removes what was begun; harmless when nothing was. */
  abandon(): Promise<void>
}

export function createRenewal(calls: QdrantCalls, { alias, layout }: { alias: string; layout: QdrantLayout }): Renewal {
  return {
    async begin() {
      const { current, next } = await readAliases(calls, alias)
      if (next) return
      const name = followingName(alias, current)
      await createCollection(calls, name, layout)
      await setAlias(calls, nextAlias(alias), name)
    },
    async finish() {
      const { current, next } = await readAliases(calls, alias)
      if (!next) throw new Error('No renewal of the search index was begun.')
      await swapAliases(calls, alias, next)
      if (current) await calls((client) => client.deleteCollection(current))
    },
    async abandon() {
      const { next } = await readAliases(calls, alias)
      if (next) await calls((client) => client.deleteCollection(next))
    },
  }
}
