import { Cluster, Redis, type RedisOptions } from 'ioredis'
import type { Log } from '../../log/log.ts'
import { EngineUnavailable } from '../../schema/refusals.ts'
import type { RedisAddress } from './address.ts'
import { scripts, type Script } from './scripts.ts'

export type RedisClient = Redis | Cluster

export interface Peer {
  client: RedisClient
  /** Asks Redis. Whatever goes wrong, or takes longer than two seconds, is EngineUnavailable('coordination'). */
  ask<T>(question: (client: RedisClient) => Promise<T>): Promise<T>
  /** The run of the server that it is connected to: another after every restart. '' for a cluster. */
  server(): string
  close(): void
}

export interface Connection extends Pick<Peer, 'ask'> {
  /** Runs a script, whose keys are of one slot. Its arguments may depend on the run of the server, '' when that is a cluster. */
  run(
    script: Script,
    keys: readonly string[],
    toArgs: (server: string) => readonly (string | number)[],
  ): Promise<unknown>
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
    run: (script, keys, toArgs) =>
      ask((redis) => {
        const args = toArgs(peer.server())
        return redis.evalsha(script.sha, keys.length, ...keys, ...args).catch((error: unknown) => {
          if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
          return redis.eval(script.text, keys.length, ...keys, ...args)
        })
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
    server: gate.server,
    ask<T>(question: (client: RedisClient) => Promise<T>): Promise<T> {
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      const refuse = (error: unknown) => {
        clearTimeout(timer)
        reject(new EngineUnavailable('coordination', error))
      }
      const timer = setTimeout(() => refuse(new Error('Redis did not answer in time.')), ANSWER_MS)
      const put = () =>
        question(client).then((answer) => {
          clearTimeout(timer)
          resolve(answer)
        }, refuse)
      if (gate.isOpen()) void put()
      else gate.open().then(put).catch(refuse)
      return promise
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
  if (!cluster)
    return new Redis({
      ...hosts[0],
      ...shared,
      db,
      enableOfflineQueue: false,
      autoResubscribe: false,
      retryStrategy: retryMs,
    })
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
  let isOpen = false
  let closed = false
  let server = ''

  function lose(bridgeMs: number): void {
    const lost = Promise.withResolvers<void>()
    lost.promise.catch(() => undefined)
    up = lost
    isOpen = false
    away = setTimeout(() => {
      onAway(reason)
      lost.reject(reason)
    }, bridgeMs).unref()
  }

  /** Who answers on this connection stays the same for as long as it lasts. */
  async function enter(): Promise<void> {
    const opening = up
    await loadScripts(client)
    const run = client instanceof Cluster ? '' : toRun(await client.info('server'))
    if (opening !== up || closed) return
    server = run
    clearTimeout(away)
    away = undefined
    isOpen = true
    opening.resolve()
  }

  lose(ANSWER_MS)
  client.on('error', (error: unknown) => void (reason = error))
  client.on('close', () => {
    if (!closed && isOpen) lose(BRIDGE_MS)
  })
  client.on('ready', () => void enter().catch((error: unknown) => void (reason = error)))
  return {
    isOpen: () => isOpen,
    /** Resolves when Redis is there. */
    open: () => (closed ? Promise.reject(new Error('The connection was closed.')) : up.promise),
    server: () => server,
    close(): void {
      closed = true
      isOpen = false
      clearTimeout(away)
    },
  }
}

/** A script that is called by its hash from the start keeps its turn; one that has to be sent again after the first failure loses it. */
async function loadScripts(client: RedisClient): Promise<void> {
  const servers = client instanceof Cluster ? client.nodes('master') : [client]
  const texts = Object.values(scripts).map(({ text }) => text)
  await Promise.all(servers.flatMap((server) => texts.map((text) => server.script('LOAD', text))))
}

function toRun(info: string): string {
  const run = /^run_id:(\w+)/m.exec(info)?.[1]
  if (!run) throw new Error('The server does not say its run.')
  return run
}
