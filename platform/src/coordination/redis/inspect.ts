import { randomUUID } from 'node:crypto'
import type { Log } from '../../log/log.ts'
import { skewOf } from '../../sql/clock.ts'
import { toRedisAddress } from './address.ts'
import { connect } from './connection.ts'

export interface RedisInspection {
  /** `Redis 7.0.15`, `Valkey 8.0.1`. */
  version: string
  cluster: boolean
  /** Older than Redis 7: its scripts cannot be told what they may do. */
  tooOld: boolean
  /** When it is full it throws away keys that nobody said may go, such as the queue's. */
  evictsAnything: boolean
  /** How far its clock is ahead of this machine's, in milliseconds; what its answer took is not counted. */
  skewMs: number
}

/** Asks a Redis what it is, and whether we may write and run scripts there; leaves nothing behind. Throws the reason when it does not answer or forbids it. */
export async function inspectRedis({
  url,
  password,
  log,
}: {
  url: string
  password?: string | undefined
  log: Log
}): Promise<RedisInspection> {
  const address = toRedisAddress(url, password)
  if (!address) throw new Error('this is not the address of a Redis')
  const connection = connect(address, log)
  try {
    const info = await connection.ask((client) => client.info())
    const asked = Date.now()
    const [seconds, microseconds] = await connection.ask((client) => client.time())
    const skewMs = skewOf(Number(seconds) * 1_000 + Number(microseconds) / 1_000, { asked, answered: Date.now() })
    const key = `passerelle:doctor:${randomUUID()}`
    await connection.ask((client) => client.eval(tryToWrite, 1, key))
    const read = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? ''
    const valkey = read('valkey_version')
    return {
      version: valkey ? `Valkey ${valkey}` : `Redis ${read('redis_version')}`,
      cluster: read('redis_mode') === 'cluster',
      tooOld: Number.parseInt(valkey || read('redis_version'), 10) < 7,
      evictsAnything: read('maxmemory_policy').startsWith('allkeys'),
      skewMs,
    }
  } catch (error) {
    throw error instanceof Error && error.cause instanceof Error ? error.cause : error
  } finally {
    connection.close()
  }
}

const tryToWrite = `redis.call('SET', KEYS[1], '1', 'PX', 1000) return redis.call('DEL', KEYS[1])`
