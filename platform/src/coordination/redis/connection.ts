import { Cluster, Redis, type RedisOptions } from 'ioredis'
import type { Log } from '../../log/log.ts'
import { EngineUnavailable } from '../../schema/refusals.ts'
import type { RedisAddress } from './address.ts'
import type { Script } from './scripts.ts'

export type RedisClient = Redis | Cluster

export interface Peer {
  client: RedisClient
  /** Asks Redis. Whatever goes wrong, or takes longer than two seconds, is EngineUnavailable('coordination'). */
  ask<T>(question: (client: RedisClient) => Promise<T>): Promise<T>
  close(): void
}

export interface Connection extends Pick<Peer, 'ask'> {
  /** Runs a script, whose keys are of one slot. */
  run(script: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>
  /** Listens to channels, on a connection of its own. */
  subscriber: Peer
  /** Resolves when Redis answers, or has not for as long as a question may take. */
  opened(): Promise<void>
  close(): void
}

const ANSWER_MS = 2000

/** For how long after it was lost a connection is waited for; then it is not there, at once. */
const BRIDGE_MS = 1000

/** Connects, and again whenever the connection is lost, at most a second apart. Nothing is sent twice: an append would be two. */
export function connect(address: RedisAddress, log: Log): Connection {
  const peer = createPeer(open(address), (reason) => log.warn({ err: reason }, 'Redis is away.'))
  const { ask } = peer
  // A cluster's client has a connection for this by itself.
  const subscriber = peer.client instanceof Cluster ? peer : createPeer(open(address), () => undefined)
  return {
    ask,
    run: (script, keys, args) =>
      ask(async (redis) => {
        try {
          return await redis.evalsha(script.sha, keys.length, ...keys, ...args)
        } catch (error) {
          if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
          return await redis.eval(script.text, keys.length, ...keys, ...args)
        }
      }),
    subscriber,
    opened: () => ask(async () => undefined).catch(() => undefined),
    close() {
      peer.close()
      subscriber.close()
    },
  }
}

function createPeer(client: RedisClient, onAway: (reason: unknown) => void): Peer {
  const gate = createGate(client, onAway)
  return {
    client,
    async ask(question) {
      const tooLate = Promise.withResolvers<never>()
      const timer = setTimeout(() => tooLate.reject(new Error('Redis did not answer in time.')), ANSWER_MS)
      try {
        if (client.status !== 'ready') await Promise.race([gate.open(), tooLate.promise])
        return await Promise.race([question(client), tooLate.promise])
      } catch (error) {
        throw new EngineUnavailable('coordination', error)
      } finally {
        clearTimeout(timer)
      }
    },
    close() {
      gate.close()
      client.disconnect()
    },
  }
}

const retryMs = (times: number): number => Math.min(50 * 2 ** Math.min(times, 5), 1000)

function open({ hosts, cluster, tls, username, password, db }: RedisAddress): RedisClient {
  const shared: RedisOptions = {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && { tls: {} }),
    connectTimeout: ANSWER_MS,
    socketTimeout: ANSWER_MS,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
  }
  if (!cluster) return new Redis({ ...hosts[0], ...shared, db, enableOfflineQueue: false, retryStrategy: retryMs })
  return new Cluster(hosts, {
    redisOptions: shared,
    enableOfflineQueue: false,
    clusterRetryStrategy: retryMs,
    ...(tls && { dnsLookup: (name, done) => done(null, name) }),
  })
}

/** Lets the first second of an outage pass as a pause, and refuses at once from then on. */
function createGate(client: RedisClient, onAway: (reason: unknown) => void) {
  let up = Promise.withResolvers<void>()
  let away: NodeJS.Timeout | undefined
  let reason: unknown
  let closed = false

  function lose(): void {
    const lost = Promise.withResolvers<void>()
    lost.promise.catch(() => undefined)
    up = lost
    away = setTimeout(() => {
      onAway(reason)
      lost.reject(reason)
    }, BRIDGE_MS).unref()
  }

  lose()
  client.on('error', (error: unknown) => void (reason = error))
  client.on('close', () => {
    if (!closed && !away) lose()
  })
  client.on('ready', () => {
    clearTimeout(away)
    away = undefined
    up.resolve()
  })
  return {
    /** Resolves when Redis is there. */
    open: () => (closed ? Promise.reject(new Error('The connection was closed.')) : up.promise),
    close(): void {
      closed = true
      clearTimeout(away)
    },
  }
}
