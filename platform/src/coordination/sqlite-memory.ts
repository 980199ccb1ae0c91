import { requireSize, toMilliseconds } from './bounds.ts'
import type { ShortTermMemory } from './coordination.ts'
import type { Database } from './sqlite-database.ts'

/** Values and lists with a time-to-live. What has expired is never answered; `sweepMemory` takes it off the disk. */
export function createMemory(database: Database): ShortTermMemory {
  const { sql, read, write } = database

  function forget(organizationId: string, key: string): void {
    sql('delete from value where organization_id = ? and key = ?').run(organizationId, key)
    sql('delete from list where organization_id = ? and key = ?').run(organizationId, key)
    sql('delete from list_entry where organization_id = ? and key = ?').run(organizationId, key)
  }

  const expiry = (organizationId: string, key: string): number | null => {
    const row = sql('select expires_at from list where organization_id = ? and key = ? and expires_at > ?').get(
      organizationId,
      key,
      Date.now(),
    )
    return row ? Number(row.expires_at) : null
  }

  return {
    async get(organizationId, key) {
      const select = 'select value from value where organization_id = ? and key = ? and expires_at > ?'
      const row = read(() => sql(select).get(organizationId, key, Date.now()))
      return row ? String(row.value) : null
    },
    async set(organizationId, key, value, ttlSeconds) {
      const expiresAt = toExpiry(ttlSeconds)
      write(() => {
        forget(organizationId, key)
        sql('insert into value values (?, ?, ?, ?)').run(organizationId, key, value, expiresAt)
      })
    },
    async remove(organizationId, key) {
      write(() => forget(organizationId, key))
    },
    async removeAll(organizationId, beginning) {
      const own = 'organization_id = ? and substr(key, 1, ?) = ?'
      const select = ['value', 'list', 'taken'].map((table) => `select key from ${table} where ${own}`).join(' union ')
      const given = [organizationId, beginning.length, beginning] as const
      const removed = write(() => {
        const found = sql(select).all(...given, ...given, ...given)
        for (const table of ['value', 'list', 'list_entry', 'taken'])
          sql(`delete from ${table} where ${own}`).run(...given)
        return found.length
      })
      // The log still has what is gone, until it is folded in.
      read(() => sql('pragma wal_checkpoint(truncate)').all())
      return removed
    },
    async append(organizationId, key, entry, { maxEntries, maxSize, ttlSeconds }) {
      const expiresAt = toExpiry(ttlSeconds)
      requireSize(entry.size)
      write(() => {
        if (expiry(organizationId, key) === null) forget(organizationId, key)
        sql('insert into list values (?, ?, ?) on conflict do update set expires_at = excluded.expires_at').run(
          organizationId,
          key,
          expiresAt,
        )
        sql('insert into list_entry (organization_id, key, value, size) values (?, ?, ?, ?)').run(
          organizationId,
          key,
          entry.value,
          entry.size,
        )
        sql(DROP_BEYOND_BOUNDS).run(organizationId, key, maxEntries, maxSize)
      })
    },
    async list(organizationId, key) {
      return read(() => {
        const expiresAt = expiry(organizationId, key)
        if (expiresAt === null) return { values: [], expiresAt: null }
        const rows = sql('select value from list_entry where organization_id = ? and key = ? order by id').all(
          organizationId,
          key,
        )
        return { values: rows.map((row) => String(row.value)), expiresAt: new Date(expiresAt) }
      })
    },
  }
}

/** Counts from the newest back; the first entry that breaks a bound goes, and all that is older. */
const DROP_BEYOND_BOUNDS = `
  delete from list_entry where id in (
    select id from (
      select id, count(*) over newest_first as entries, sum(size) over newest_first as total
      from list_entry where organization_id = ? and key = ?
      window newest_first as (order by id desc)
    ) where entries > ? or total > ?
  )`

/** Takes expired values and lists off the disk. */
export function sweepMemory({ sql, write }: Database): void {
  const now = Date.now()
  write(() => {
    sql('delete from value where expires_at <= ?').run(now)
    sql(
      'delete from list_entry where (organization_id, key) in (select organization_id, key from list where expires_at <= ?)',
    ).run(now)
    sql('delete from list where expires_at <= ?').run(now)
  })
}

function toExpiry(ttlSeconds: number): number {
  return Date.now() + toMilliseconds(ttlSeconds)
}
