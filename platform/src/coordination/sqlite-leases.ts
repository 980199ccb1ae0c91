import { newId } from '../ids/ids.ts'
import { mayBeAlive } from './alive.ts'
import type { GrantedLease, LeaseStore } from './semaphore/leases.ts'
import { nextGrants, type Queue } from './semaphore/turns.ts'
import type { Database } from './sqlite-database.ts'

/** Turns older than this decide nothing any more, milliseconds. */
const TURN_MEMORY_MS = 3_600_000

/** How soon what another process did is seen. */
const POLL_MS = 25

/** Enters this process as a holder of leases, and drops at once what holders left behind that are no longer running. Answers the holder's id. */
export function enterHolder({ sql, write }: Database): string {
  const id = newId('hld')
  write(() => {
    for (const holder of sql('select id, pid, since from holder').all()) {
      if (mayBeAlive(Number(holder.pid), Number(holder.since))) continue
      for (const table of ['waiter', 'lease']) sql(`delete from ${table} where holder = ?`).run(holder.id ?? null)
      sql('delete from holder where id = ?').run(holder.id ?? null)
    }
    sql('insert into holder values (?, ?, ?)').run(id, process.pid, Date.now())
  })
  return id
}

/** Takes the holder out again; its leases must have been released. */
export function leaveHolder({ sql, write }: Database, id: string): void {
  write(() => sql('delete from holder where id = ?').run(id))
}

export interface SqliteLeaseOptions {
  database: Database
  name: string
  holder: string
  leaseMs: number
}

/** The waiters and leases of one semaphore in SQLite; each call is one transaction. */
export function createSqliteLeases({ database, name, holder, leaseMs }: SqliteLeaseOptions): LeaseStore {
  const { sql, read, write } = database
  const readQueue = createQueueReader(database, name)

  function grant(id: string, now: number): void {
    sql('update token set newest = newest + 1 where semaphore = ?').run(name)
    sql(GRANT).run(now, id)
    sql(`${TURN} select semaphore, organization_id, priority, ? from waiter where id = ? ${TURN_AGAIN}`).run(now, id)
    sql('delete from waiter where id = ?').run(id)
  }

  /** Most steps of a long queue grant nothing; this tells it without reading the queue. */
  function someoneFits(capacity: number): boolean {
    const lightest = sql('select min(weight) as weight from waiter where semaphore = ?').get(name)?.weight
    if (lightest == null) return false
    const used = Number(sql('select coalesce(sum(weight), 0) as used from lease where semaphore = ?').get(name)?.used)
    return Math.min(Number(lightest), capacity) <= capacity - used
  }

  function readLeases(): GrantedLease[] {
    const rows = sql(LEASES).all(name, holder, name)
    return rows.map((row) => ({ id: String(row.id), token: row.token === null ? null : Number(row.token) }))
  }

  function advance(capacity: number): GrantedLease[] {
    const now = Date.now()
    for (const table of ['waiter', 'lease', 'cancelled'])
      sql(`delete from ${table} where semaphore = ? and expires_at <= ?`).run(name, now)
    sql('delete from turn where semaphore = ? and at <= ?').run(name, now - TURN_MEMORY_MS)
    if (someoneFits(capacity)) for (const waiter of nextGrants(readQueue(capacity), now)) grant(waiter.id, now)
    return readLeases()
  }

  return {
    async enqueue(waiter, capacity) {
      const now = Date.now()
      return write(() => {
        sql(FIRST_TOKEN).run(name, now * 1000)
        sql(ENQUEUE).run({ ...waiter, semaphore: name, holder, expiresAt: now + leaseMs })
        return advance(capacity)
      })
    },
    async advance(capacity) {
      return write(() => advance(capacity))
    },
    async leave({ id }, capacity) {
      return write(() => {
        for (const table of ['waiter', 'lease', 'cancelled']) sql(`delete from ${table} where id = ?`).run(id)
        return advance(capacity)
      })
    },
    async cancel(id, organizationId) {
      return write(() => {
        const found = sql(FIND).get({ id, semaphore: name, organizationId })
        if (!found) return false
        // Long enough for a process that stalls to hear it, for it enters again what it does not find.
        sql('insert or replace into cancelled values (?, ?, ?)').run(id, name, Date.now() + 2 * leaseMs)
        sql('delete from waiter where id = ?').run(id)
        return true
      })
    },
    async renew(rows) {
      const expiresAt = Date.now() + leaseMs
      const prolong = (table: string, id: string) =>
        Number(sql(`update ${table} set expires_at = ? where id = ?`).run(expiresAt, id).changes)
      return write(
        () => new Set(rows.map(({ id }) => id).filter((id) => prolong('waiter', id) + prolong('lease', id) > 0)),
      )
    },
    async queue(capacity) {
      return read(() => readQueue(capacity))
    },
    async waiting() {
      const rows = read(() => sql(`select ${CALL}, priority, queued_at from waiter where semaphore = ?`).all(name))
      return rows.map((row) => ({
        ...toCall(row),
        priority: toPriority(row.priority),
        queuedAt: Number(row.queued_at),
      }))
    },
    async running() {
      const rows = read(() => sql(`select ${CALL}, since from lease where semaphore = ? order by token`).all(name))
      return rows.map((row) => ({ ...toCall(row), since: new Date(Number(row.since)) }))
    },
    hear: (onLeases) => pollChanges(database, () => onLeases(read(readLeases))),
    watch: (onChange) => pollChanges(database, onChange),
  }
}

/** Calls back now, and whenever another connection has changed the file. */
function pollChanges(database: Database, onChange: () => void): () => void {
  let seen: number | null = null
  const look = () => {
    const version = dataVersion(database)
    if (version !== seen) onChange()
    seen = version
  }
  const poll = setInterval(() => {
    try {
      look()
    } catch {
      // A file that is away fails every call of its own, and is looked at again.
    }
  }, POLL_MS).unref()
  return () => clearInterval(poll)
}

/** SQLite's own counter of the commits of other connections. */
function dataVersion({ sql, read }: Database): number {
  return read(() => Number(sql('pragma data_version').get()?.data_version))
}

const toPriority = (value: unknown) => (value === 'interactive' ? 'interactive' : 'batch')

const CALL = 'id, organization_id, user_id, task, model, weight'

function toCall(row: Record<string, unknown>) {
  return {
    id: String(row.id),
    organizationId: String(row.organization_id),
    userId: row.user_id === null ? null : String(row.user_id),
    task: String(row.task),
    model: String(row.model),
    weight: Number(row.weight),
  }
}

function createQueueReader({ sql }: Database, name: string): (capacity: number) => Queue {
  return (capacity) => ({
    capacity,
    running: sql('select organization_id, weight, token from lease where semaphore = ?')
      .all(name)
      .map((row) => ({
        organizationId: String(row.organization_id),
        weight: Number(row.weight),
        token: Number(row.token),
      })),
    waiting: sql(
      'select id, organization_id, weight, priority, queued_at, token from waiter where semaphore = ? order by position',
    )
      .all(name)
      .map((row) => ({
        id: String(row.id),
        organizationId: String(row.organization_id),
        weight: Number(row.weight),
        priority: toPriority(row.priority),
        queuedAt: Number(row.queued_at),
        tokenWhenQueued: Number(row.token),
      })),
    turns: sql('select organization_id, priority, at from turn where semaphore = ?')
      .all(name)
      .map((row) => ({
        organizationId: String(row.organization_id),
        priority: toPriority(row.priority),
        at: Number(row.at),
      })),
  })
}

/** A token starts at the clock (microseconds), so that it grows on even after the file was lost. */
const FIRST_TOKEN = 'insert into token values (?, ?) on conflict do nothing'

const ENQUEUE = `
  insert into waiter (id, semaphore, organization_id, user_id, task, model, weight, priority, queued_at, holder, expires_at, position, token)
  select :id, :semaphore, :organizationId, :userId, :task, :model, :weight, :priority, :queuedAt, :holder, :expiresAt,
    coalesce((select max(position) from waiter where semaphore = :semaphore), 0) + 1, newest
  from token where semaphore = :semaphore and not exists (select from_lease.id from lease as from_lease where from_lease.id = :id)
    and not exists (select gone.id from cancelled as gone where gone.id = :id)
  on conflict do nothing`

/** A lease ends when its wait would have: whoever lives has just said so, and the waiter of a dead process must not begin a whole lease. */
const GRANT = `
  insert into lease (id, semaphore, organization_id, user_id, task, model, weight, since, token, holder, expires_at)
  select waiter.id, waiter.semaphore, organization_id, user_id, task, model, weight, ?, newest, holder, expires_at
  from waiter join token on token.semaphore = waiter.semaphore where waiter.id = ?`

/** What this process runs, and with a token of null what was cancelled, whoever's it is. */
const LEASES = `
  select id, token from lease where semaphore = ? and holder = ? and id not in (select id from cancelled)
  union all select id, null from cancelled where semaphore = ?`

const FIND = `
  select id from waiter where id = :id and semaphore = :semaphore and organization_id = :organizationId
  union all select id from lease where id = :id and semaphore = :semaphore and organization_id = :organizationId`

const TURN = 'insert into turn (semaphore, organization_id, priority, at)'
const TURN_AGAIN = 'on conflict do update set at = excluded.at'
