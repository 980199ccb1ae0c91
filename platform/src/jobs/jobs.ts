import { PgBoss, fromKysely, type JobWithMetadata } from 'pg-boss'
import { newId } from '../ids/ids.ts'
import type { Log } from '../log/log.ts'
import type { SqlConnection, Tx } from '../sql/sql.ts'
import { unitOf } from '../sql/unit.ts'
import { schema } from './install.ts'

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
  /** How often a job that fails is tried again before it is given up. */
  retries: number
  /** Jobs that run at once in a process, in all and of one organisation. */
  concurrency: number
  perOrganization: number
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
}

type Envelope<Data> = { organizationId: string; data: Data }

/** How often it is looked for jobs whose process has died. */
const supervisionSeconds = 5
const stopMs = 5_000

/** Opens the queues as the plain role. `supervise` once per installation is enough; more do no harm. */
export async function openJobs(connection: SqlConnection, log: Log): Promise<Jobs> {
  const boss = await startBoss(connection, log)
  const stopping = new AbortController()
  return {
    async enqueue(tx, queue, data, { key, priority } = {}) {
      const { organizationId } = unitOf(tx).scope
      const envelope: Envelope<typeof data> = { organizationId, data }
      await boss.send(queue.name, envelope, {
        db: fromKysely(tx),
        group: { id: organizationId },
        singletonKey: `${organizationId}:${key ?? newId('key')}`,
        ...(priority !== undefined && { priority }),
      })
    },
    work: (queue, handler) => work({ boss, log, stopping: stopping.signal }, queue, handler),
    async health() {
      await boss.getDb().executeSql('select 1')
    },
    async close() {
      stopping.abort(new Error('The process stops.'))
      await boss.stop({ graceful: true, timeout: stopMs })
    },
  }
}

async function startBoss(connection: SqlConnection, log: Log): Promise<PgBoss> {
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
  return boss
}

interface Worker {
  boss: PgBoss
  log: Log
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
    pollingIntervalSeconds: 1,
    notifyPollingIntervalSeconds: 2,
    includeMetadata: true,
  } as const
  await worker.boss.work<Envelope<Data>, void, typeof options>(queue.name, options, async (taken) => {
    for (const job of taken) await run(worker, job, handler)
    lookAgain(worker.boss, queue.name)
  })
}

async function run<Data extends object>(
  { log, stopping }: Worker,
  { id, name, data, signal: claim, retryCount }: JobWithMetadata<Envelope<Data>>,
  handler: (job: Job<Data>) => Promise<void>,
): Promise<void> {
  const signal = AbortSignal.any([claim, stopping])
  try {
    await handler({ id, ...data, signal })
  } catch (error) {
    if (signal.aborted) log.debug({ queue: name, job: id, err: error }, 'job put back')
    else log.warn({ queue: name, job: id, attempt: retryCount + 1, err: error }, 'job failed')
    throw error
  }
}

/** A worker that has had a job would wait out its interval before it looks for the next one; that is for those who find none. */
function lookAgain(boss: PgBoss, name: string): void {
  for (const worker of boss.getWipData()) if (worker.name === name) boss.notifyWorker(worker.id)
}
