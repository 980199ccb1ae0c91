import { Cluster, Redis } from 'ioredis'
import { vi } from 'vitest'
import { newId } from '../../ids/ids.ts'
import type { Log } from '../../log/log.ts'
import type { CoordinationStore } from '../coordination.cases.ts'
import { toRedisAddress } from './address.ts'
import { openRedisCoordination } from './redis.ts'
import { findProgram, NO_SERVER, startRedis, startRedisCluster } from './server.testing.ts'

/** A Redis to test on, started when it is first asked for; or why there is none. */
export type FoundRedis = { start(): Promise<{ url: string }>; stop(): Promise<void> } | { missing: string }

/** What there is to test on: the server under REDIS_TEST_URL, and programs on the PATH. */
export function findRedis({ REDIS_TEST_URL }: NodeJS.ProcessEnv): Record<'Redis' | 'Redis Cluster', FoundRedis> {
  const program = findProgram()
  const cli = findProgram(['redis-cli', 'valkey-cli'])
  return {
    Redis: REDIS_TEST_URL
      ? { start: async () => ({ url: REDIS_TEST_URL }), stop: async () => undefined }
      : program
        ? once(() => startRedis(program))
        : { missing: `${NO_SERVER} and REDIS_TEST_URL is not set` },
    'Redis Cluster': program && cli ? once(() => startRedisCluster(program, cli)) : { missing: NO_SERVER },
  }
}

function once<Server extends { url: string; stop(): Promise<void> }>(start: () => Promise<Server>) {
  let server: Promise<Server> | null = null
  return {
    start: () => (server ??= start()),
    stop: async () => (await server)?.stop(),
  }
}

/** A store of its own on the server. What it is asked of was never lost, so that it need not settle first. */
export async function openRedisStore(url: string, log: Log): Promise<CoordinationStore> {
  const prefix = `test:${newId('sto')}:`
  return {
    async open(options) {
      const coordination = await openRedisCoordination({ url, log, prefix, settleMs: 0, ...options })
      await vi.waitFor(() => coordination.health(), 30_000)
      return coordination
    },
    destroy: () => sweep(url, prefix),
  }
}

/** Takes every key with the prefix off the server. */
async function sweep(url: string, prefix: string): Promise<void> {
  const address = toRedisAddress(url)
  if (!address) throw new Error(`${url} is not the address of a Redis.`)
  const client = address.cluster ? new Cluster(address.hosts) : new Redis(url)
  await client.info()
  for (const node of client instanceof Cluster ? client.nodes('master') : [client]) {
    for await (const keys of node.scanStream({ match: `${prefix}*`, count: 1000 }))
      for (const key of keys) await node.unlink(key)
  }
  client.disconnect()
}
