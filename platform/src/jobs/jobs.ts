import { PgBoss, fromKysely, type JobWithMetadata } from 'pg-boss'
import { newId } from '../ids/ids.ts'
import type { Log } from '../log/log.ts'
import type { SqlConnection, Tx } from '../sql/sql.ts'
import { unitOf } from '../sql/unit.ts'

/**
 * Durable work in PostgreSQL.
 *
 * Promises: a job enqueued in a transaction exists if and only if the transaction committed. A handler runs at least once per job; one that throws is
 * tried again with growing delay up to the queue's `retries`; one whose process died is taken up again within half a minute. No organisation
 * can fill every place: at most `perOrganization` of its jobs of a queue run at once in a process.
 */
export interface Jobs {
  /** In the caller's transaction. Jobs of one `key` of an organisation run one after the other; without a key a job runs as soon as it can. */
  enqueue<Data extends object>(tx: Tx, queue: Queue<Data>, data: Data, options?: EnqueueOptions): Promise<void>
  work<Data extends object>(queue: Queue<Data>, handler: (job: Job<Data>) => Promise<void>): Promise<void>
  health(): Promise<void>
  close(): Promise<void>
}

export interface Queue<Data extends object> {
  name: string
  retries: number
  concurrency: number
  perOrganization: number
  /** Called once when the last try has failed, with the error, so that the noun can say so. */
  onExhausted?: (job: Job<Data>, error: unknown) => Promise<void>
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
  priority?: number
  startAfterSeconds?: number
}

type Envelope<Data> = { organizationId: string; data: Data }
type Taken<Data> = JobWithMetadata<Envelope<Data>>

const schema = 'jobs'
const heartbeatSeconds = 20
/** How often it is looked for jobs whose process has died. */
const supervisionSeconds = 5
/** The most that pg-boss allows is a day. Death is told by the heart-beat, so this only ends what never ends. */
const longestSeconds = 12 * 3_600

/** Installs or upgrades the job tables, as the owner, and lets the plain role use them. They are the one exception to row security. */
export async function migrateJobs(owner: SqlConnection, queues: readonly Queue<never>[]): Promise<void> {
  const boss = new PgBoss({ ...owner, schema, supervise: false, schedule: false, max: 2 })
  boss.on('error', () => {})
  await boss.start()
  try {
    for (const queue of queues) {
      const options = {
        retryLimit: queue.retries,
        retryBackoff: true,
        retryDelay: 1,
        retryDelayMax: 60,
        heartbeatSeconds,
        expireInSeconds: longestSeconds,
        notify: true,
      }
      if (await boss.getQueue(queue.name)) await boss.updateQueue(queue.name, options)
      else await boss.createQueue(queue.name, { ...options, policy: 'singleton' })
    }
    await boss.getDb().executeSql(`grant usage on schema ${schema} to passerelle_app`)
    await boss.getDb().executeSql(`grant all on all tables in schema ${schema} to passerelle_app`)
    await boss.getDb().executeSql(`grant execute on all functions in schema ${schema} to passerelle_app`)
  } finally {
    await boss.stop({ graceful: false })
  }
}

/** Gives jobs that a killed process held back to the queues at once. Only where no other process can be at work: embedded, at start. */
export async function reclaimJobs(owner: SqlConnection): Promise<void> {
  const boss = new PgBoss({ ...owner, schema, supervise: false, schedule: false, migrate: false, max: 1 })
  boss.on('error', () => {})
  await boss.start()
  await boss.getDb().executeSql(`update ${schema}.job set state = 'retry', start_after = now() where state = 'active'`)
  await boss.stop({ graceful: false })
}

/** Opens the queues as the plain role. `supervise` once per installation is enough; more do no harm. */
export async function openJobs(connection: SqlConnection, log: Log): Promise<Jobs> {
  const boss = new PgBoss({
    ...connection,
    schema,
    migrate: false,
    createSchema: false,
    schedule: false,
    useListenNotify: true,
    reindex: false,
    monitorVacuum: false,
    superviseIntervalSeconds: supervisionSeconds,
    monitorIntervalSeconds: supervisionSeconds,
    max: 6,
  })
  boss.on('error', (error) => log.warn({ err: error }, 'jobs'))
  await boss.start()
  const stopping = new AbortController()

  async function run<Data extends object>(
    queue: Queue<Data>,
    handler: (job: Job<Data>) => Promise<void>,
    job: Taken<Data>,
  ): Promise<void> {
    const signal = AbortSignal.any([job.signal, stopping.signal])
    const mine: Job<Data> = { id: job.id, ...job.data, signal }
    try {
      await handler(mine)
    } catch (error) {
      if (!signal.aborted && job.retryCount >= job.retryLimit) await queue.onExhausted?.(mine, error)
      log.warn({ queue: queue.name, job: job.id, attempt: job.retryCount + 1, err: error }, 'job failed')
      throw error
    }
  }

  /** A worker that has had a job would wait out its interval before it looks for the next one; that is for those who find none. */
  function lookAgain(name: string): void {
    for (const worker of boss.getWipData()) if (worker.name === name) boss.notifyWorker(worker.id)
  }

  return {
    async enqueue(tx, queue, data, { key, priority, startAfterSeconds } = {}) {
      const { organizationId } = unitOf(tx).scope
      const envelope: Envelope<typeof data> = { organizationId, data }
      await boss.send(queue.name, envelope, {
        db: fromKysely(tx),
        group: { id: organizationId },
        singletonKey: `${organizationId}:${key ?? newId('key')}`,
        ...(priority !== undefined && { priority }),
        ...(startAfterSeconds && { startAfter: startAfterSeconds }),
      })
    },
    async work(queue, handler) {
      const options = {
        batchSize: 1,
        localConcurrency: queue.concurrency,
        localGroupConcurrency: queue.perOrganization,
        pollingIntervalSeconds: 1,
        notifyPollingIntervalSeconds: 2,
        includeMetadata: true,
      } as const
      type Data = Parameters<typeof handler>[0]['data']
      await boss.work<Envelope<Data>, void, typeof options>(queue.name, options, async (taken) => {
        for (const job of taken) await run(queue, handler, job)
        lookAgain(queue.name)
      })
    },
    async health() {
      await boss.getDb().executeSql('select 1')
    },
    async close() {
      stopping.abort(new Error('The process stops.'))
      await boss.stop({ graceful: true, timeout: 5_000 })
    },
  }
}
