import { requireRule } from './bounds.ts'
import type { Coordination } from './coordination.ts'
import type { Database } from './sqlite-database.ts'

/** A window is kept as this many slots: exact enough to be fair, and as small for a thousand requests as for one. */
const SLOTS = 60

/** The sliding window: what was taken is summed per slot, and a slot counts until its youngest unit has left the window. */
export function createLimit({ sql, write }: Database): Coordination['limit'] {
  return async (organizationId, key, { limit, windowSeconds, cost = 1 }) => {
    requireRule({ limit, windowSeconds, cost })
    const windowMs = windowSeconds * 1000
    const slotMs = windowMs / SLOTS
    return write(() => {
      const now = Date.now()
      sql('delete from taken where organization_id = ? and key = ? and expires_at <= ?').run(organizationId, key, now)
      const rows = sql('select cost, expires_at from taken where organization_id = ? and key = ? order by at').all(
        organizationId,
        key,
      )
      const slots = rows.map((row) => ({ cost: Number(row.cost), expiresAt: Number(row.expires_at) }))
      const used = slots.reduce((sum, slot) => sum + slot.cost, 0)
      if (used + cost > limit) {
        return {
          allowed: false,
          remaining: Math.max(0, limit - used),
          resetsAt: new Date(whenFits(slots, used + cost - limit) ?? now + windowMs),
        }
      }
      const at = Math.floor(now / slotMs) * slotMs
      const expiresAt = at + slotMs + windowMs
      if (cost > 0) sql(TAKE).run(organizationId, key, at, cost, expiresAt)
      return {
        allowed: true,
        remaining: limit - used - cost,
        resetsAt: new Date(cost > 0 ? expiresAt : (slots.at(-1)?.expiresAt ?? now)),
      }
    })
  }
}

const TAKE = `
  insert into taken (organization_id, key, at, cost, expires_at) values (?, ?, ?, ?, ?)
  on conflict do update set cost = cost + excluded.cost, expires_at = max(expires_at, excluded.expires_at)`

/** Takes emptied windows off the disk. */
export function sweepLimits({ sql, write }: Database): void {
  write(() => sql('delete from taken where expires_at <= ?').run(Date.now()))
}

/** The moment at which `excess` has come back; null when more is asked than the limit ever gives. */
function whenFits(slots: readonly { cost: number; expiresAt: number }[], excess: number): number | null {
  let left = excess
  for (const slot of slots) {
    left -= slot.cost
    if (left <= 0) return slot.expiresAt
  }
  return null
}
