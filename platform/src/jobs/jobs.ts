import pg from 'pg'
import { fromKysely, type JobWithMetadata, type PgBoss } from 'pg-boss'
import { newId } from '../ids/ids.ts'
import type { Log } from '../log/log.ts'
import { noticeDeath } from '../sql/keep-alive.ts'
import { sayGoodbye } from '../sql/silence.ts'
import type { Sql, SqlConnection, Tx } from '../sql/sql.ts'
import { unitOf } from '../sql/unit.ts'
import { currentOrigin, jobSeconds, underOrigin, type Origin } from '../telemetry/telemetry.ts'
import { startBoss } from './boss.ts'
import { queueCounts, unfinishedCount, type QueueCount } from './count.ts'
import { watchDue } from './due.ts'
import { createForget, type Forget } from './forget.ts'

/**
 * Durable work in PostgreSQL.
 *
 * Promises: a job enqueued in a transaction exists if and only if the transaction committed. A handler runs at least once per job; one that throws is
 * tried again with growing delay up to the queue's `retries`; one whose process died is taken up again within half a minute. No organisation
 * can fill every place: at most `perOrganization` of its jobs of a queue run at once in a process. A job goes on in the name of the request that
 * enqueued it: its lines of the log and its spans carry that request's id.
 */
export interface Jobs {
  /** In the caller's transaction. Jobs of one `key` of an organisation run one after the other; without a key a job runs as soon as it can. */
  enqueue<Data extends object>(tx: Tx, queue: Queue<Data>, data: Data, options?: EnqueueOptions): Promise<void>
  work<Data extends object>(queue: Queue<Data>, handler: (job: Job<Data>) => Promise<void>): Promise<void>
  /** How many jobs of a queue wait or are being done whose data holds all of `like`, of one organisation or of all. */
  unfinished<Data extends object>(
    queue: Queue<Data>,
    like: { organizationId?: string; data?: Partial<Data> },
  ): Promise<number>
  /** How much there is to do, queue by queue, in the whole installation. */
  counts(): Promise<QueueCount[]>
  health(): Promise<void>
  close(): Promise<void>
}

export interface Queue<Data extends object> {
  name: string
  /** How often a job that fails is tried again before it is given up. */
  retries: number
  /** Jobs that run at once in a process, in all and of one organisation. */
  concurrency: number
  perOrganization: number
  /** What its jobs are given is of people: it is removed when they are done or given up, not days later. */
  forgets?: true
  /** What its jobs are given; only a type. */
  readonly data?: Data
}

export interface Job<Data> {
  id: string
  organizationId: string
  data: Data
  /** Aborted when the claim is lost or the process stops; the job will be tried again. */
  signal: AbortSignal
}

export interface EnqueueOptions {
  key?: string
  /** 0 unless told; higher ones go first. */
  priority?: number
  /** Not begun before; as soon as it can unless told. It is looked for every two seconds. */
  notBefore?: Date
}

/** `origin` is the request, or the job, that asked for it. */
type Envelope<Data> = { organizationId: string; data: Data; origin?: Origin }

/** Three times before a running job is taken for dead. */
const heartbeatRefreshSeconds = 4
/** How often each worker looks for itself: it is woken by NOTIFY, by a job that ends, and by the watch of what is due. */
const pollingSeconds = 60
const stopMs = 5_000
/** A statement about jobs that has no answer by then has none: the machine behind it is gone. */
const silenceMs = 30_000

interface JobsOptions {
  /** As the plain role; a pooler may stand between. */
  connection: SqlConnection
  /** Hears that there is work, beside the facts. */
  sql: Pick<Sql, 'listen'>
  log: Log
}

/** Opens the queues as the plain role. A database that goes away is waited for: what was enqueued is there when it is back. */
export async function openJobs({ connection, sql, log }: JobsOptions): Promise<Jobs> {
  const pool = new pg.Pool({
    connectionTimeoutMillis: 10_000,
    query_timeout: silenceMs,
    ...noticeDeath,
    ...connection,
    max: 6,
  })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const boss = await startBoss({ pool, sql, log }).catch(async (error: unknown) => {
    await pool.end()
    throw error
  })
  const stopping = new AbortController()
  const names = new Set<string>()
  const watching = watchDue({
    names,
    query: (text, values) => pool.query<{ name: string }>(text, values),
    wake: (name) => lookAgain(boss, name),
    signal: stopping.signal,
  })
  return {
    async enqueue(tx, queue, data, { key, priority, notBefore } = {}) {
      const { organizationId } = unitOf(tx).scope
      const origin = currentOrigin()
      const envelope: Envelope<typeof data> = { organizationId, data, ...(origin && { origin }) }
      await boss.send(queue.name, envelope, {
        db: fromKysely(tx),
        group: { id: organizationId },
        singletonKey: `${organizationId}:${key ?? newId('key')}`,
        ...(priority !== undefined && { priority }),
        ...(notBefore && { startAfter: notBefore }),
      })
    },
    async work(queue, handler) {
      await work({ boss, log, forget: createForget(pool), stopping: stopping.signal }, queue, handler)
      names.add(queue.name)
    },
    async unfinished(queue, { organizationId = null, data = {} }) {
      const values = [queue.name, organizationId, JSON.stringify(data)]
      const { rows } = await pool.query<{ count: number }>(unfinishedCount, values)
      return rows[0]?.count ?? 0
    },
    async counts() {
      return (await pool.query<QueueCount>(queueCounts)).rows
    },
    async health() {
      await boss.getDb().executeSql('select 1')
    },
    async close() {
      stopping.abort(new Error('The process stops.'))
      await sayGoodbye(async () => {
        await boss.stop({ graceful: true, timeout: stopMs })
        await watching
        await pool.end()
      })
    },
  }
}

interface Worker {
  boss: PgBoss
  log: Log
  forget: Forget
  /** Aborted when the process stops. */
  stopping: AbortSignal
}

async function work<Data extends object>(
  worker: Worker,
  queue: Queue<Data>,
  handler: (job: Job<Data>) => Promise<void>,
): Promise<void> {
  const options = {
    batchSize: 1,
    localConcurrency: queue.concurrency,
    localGroupConcurrency: queue.perOrganization,
    pollingIntervalSeconds: pollingSeconds,
    notifyPollingIntervalSeconds: pollingSeconds,
    includeMetadata: true,
    heartbeatRefreshSeconds,
  } as const
  await worker.boss.work<Envelope<Data>, void, typeof options>(queue.name, options, async (taken) => {
    for (const job of taken) await run(worker, job, { handler, forgets: queue.forgets === true })
    lookAgain(worker.boss, queue.name)
  })
}

async function run<Data extends object>(
  { log, forget, stopping }: Worker,
  { id, name, data: envelope, signal: claim, retryCount, retryLimit }: JobWithMetadata<Envelope<Data>>,
  { handler, forgets }: { handler: (job: Job<Data>) => Promise<void>; forgets: boolean },
): Promise<void> {
  const signal = AbortSignal.any([claim, stopping])
  const { organizationId, data, origin } = envelope
  const since = performance.now()
  const end = (outcome: string): void =>
    jobSeconds.observe({ queue: name, outcome }, (performance.now() - since) / 1000)
  const attributes = { 'passerelle.queue': name, 'passerelle.job': id }
  await underOrigin(origin, { name: `job ${name}`, attributes, job: id }, async () => {
    try {
      await handler({ id, organizationId, data, signal })
      if (forgets) await forget.done(name, id)
      end('done')
    } catch (error) {
      end(signal.aborted ? 'put back' : 'failed')
      if (signal.aborted) log.debug({ queue: name, err: error }, 'job put back')
      else log.warn({ queue: name, attempt: retryCount + 1, err: error }, 'job failed')
      if (forgets && !signal.aborted && retryCount >= retryLimit) await forget.givenUp(name, id)
      throw error
    }
  })
}

/** Lets the workers of a queue look now instead of waiting out their interval: that is for those who find nothing. */
function lookAgain(boss: PgBoss, name: string): void {
  for (const worker of boss.getWipData()) if (worker.name === name) boss.notifyWorker(worker.id)
}
