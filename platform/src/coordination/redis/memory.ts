import { Cluster } from 'ioredis'
import { requireSize, toMilliseconds } from '../bounds.ts'
import type { ShortTermMemory } from '../coordination.ts'
import type { Connection } from './connection.ts'
import { toOrganizationKey } from './keys.ts'
import { scripts } from './scripts.ts'

/** A thousand years, which Redis can still add to its clock. */
const LONGEST_MS = 1000 * 365 * 24 * 3_600_000

/** Values and lists with a time-to-live, one key each. */
export function createRedisMemory({ ask, run }: Connection, prefix: string): ShortTermMemory {
  const keyOf = (organizationId: string, key: string) => toOrganizationKey(prefix, organizationId, key)
  const toTtl = (seconds: number) => Math.min(Math.ceil(toMilliseconds(seconds)), LONGEST_MS)
  return {
    async get(organizationId, key) {
      return ask(async (client) => {
        try {
          return await client.get(keyOf(organizationId, key))
        } catch (error) {
          if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return null
          throw error
        }
      })
    },
    async set(organizationId, key, value, ttlSeconds) {
      const ttl = toTtl(ttlSeconds)
      await ask((client) => client.set(keyOf(organizationId, key), value, 'PX', ttl))
    },
    async remove(organizationId, key) {
      await ask((client) => client.unlink(keyOf(organizationId, key)))
    },
    async removeAll(organizationId, beginning) {
      const pattern = `${keyOf(organizationId, beginning).replace(/[\\*?[\]]/g, '\\$&')}*`
      return ask(async (client) => {
        let removed = 0
        for (const node of client instanceof Cluster ? client.nodes('master') : [client]) {
          for (let cursor = '0'; ;) {
            const [next, keys] = await node.scan(cursor, 'MATCH', pattern, 'COUNT', 1_000)
            for (const key of keys) removed += await client.unlink(key)
            cursor = next
            if (cursor === '0') break
          }
        }
        return removed
      })
    },
    async append(organizationId, key, { value, size }, { maxEntries, maxSize, ttlSeconds }) {
      const ttl = toTtl(ttlSeconds)
      requireSize(size)
      await run(scripts.append, [keyOf(organizationId, key)], () => [value, size, maxEntries, maxSize, ttl])
    },
    async list(organizationId, key) {
      const [ttl, ...values] = toAnswer(await run(scripts.list, [keyOf(organizationId, key)], () => []))
      if (ttl === undefined) return { values: [], expiresAt: null }
      return { values: values.map(String), expiresAt: new Date(Date.now() + Number(ttl)) }
    },
  }
}

function toAnswer(reply: unknown): unknown[] {
  return Array.isArray(reply) ? reply : []
}
