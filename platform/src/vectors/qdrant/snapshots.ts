import { createWriteStream, openAsBlob } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { EngineUnavailable } from '../../schema/refusals.ts'
import { followingName, readAliases, swapAliases } from './aliases.ts'
import { addressOf, type QdrantCalls, type QdrantTarget } from './calls.ts'

/**
 * The whole index as one file, for backups. On a cluster a file holds what the machine that answers has; there the index is filled anew from the
 * database instead.
 */
export interface Snapshots {
  /** Writes the index, as it is at one moment, into a file; what is written meanwhile is in it or not. */
  save(file: string): Promise<void>
  /** Puts what the file holds in the place of what is there, in one step. */
  restore(file: string): Promise<void>
}

export function createSnapshots(
  calls: QdrantCalls,
  { target, alias }: { target: QdrantTarget; alias: string },
): Snapshots {
  return {
    async save(file) {
      const { current } = await readAliases(calls, alias)
      if (!current) throw new Error('There is no search index yet.')
      const made = await calls((client) => client.createSnapshot(current))
      if (!made) throw new Error('Qdrant made no snapshot.')
      try {
        const { body } = await send(target, `collections/${current}/snapshots/${made.name}`)
        if (body) await pipeline(body, createWriteStream(file))
      } catch (error) {
        await rm(file, { force: true })
        throw error
      } finally {
        await calls((client) => client.deleteSnapshot(current, made.name))
      }
    },
    async restore(file) {
      const { current } = await readAliases(calls, alias)
      const name = followingName(alias, current)
      const form = new FormData()
      form.set('snapshot', await openAsBlob(file), 'snapshot')
      await send(target, `collections/${name}/snapshots/upload?wait=true&priority=snapshot`, {
        method: 'POST',
        body: form,
      })
      await swapAliases(calls, alias, name)
      if (current) await calls((client) => client.deleteCollection(current))
    },
  }
}

/** Files go past the client, which knows JSON alone; they take the time they take. */
async function send(target: QdrantTarget, path: string, request: RequestInit = {}): Promise<Response> {
  const headers = new Headers(target.apiKey ? [['api-key', target.apiKey]] : [])
  const response = await fetch(new URL(path, addressOf(target)), { ...request, headers }).catch((error: unknown) => {
    throw new EngineUnavailable('vectors', error)
  })
  if (response.ok) return response
  throw new EngineUnavailable('vectors', new Error(`Qdrant answers ${response.status}: ${await response.text()}`))
}
