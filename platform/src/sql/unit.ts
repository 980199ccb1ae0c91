import type { OrganizationScope, Tx } from './sql.ts'

/**
 * The unit of work around one transaction: whose it is, and what must be written last (facts, under their lock). Kept beside the
 * transaction, so that a domain function needs nothing but its `tx`.
 */
export interface Unit {
  readonly scope: OrganizationScope
  readonly lastWrites: Map<string, () => Promise<void>>
}

const units = new WeakMap<Tx, Unit>()

export function startUnit(tx: Tx, scope: OrganizationScope): Unit {
  const unit: Unit = { scope, lastWrites: new Map() }
  units.set(tx, unit)
  return unit
}

/** Runs the last writes inside the transaction. */
export async function finishUnit(tx: Tx, unit: Unit): Promise<void> {
  for (const write of unit.lastWrites.values()) await write()
  units.delete(tx)
}

/** The unit of a running transaction; a transaction not opened by `withOrganization` (or narrowed by `withTables`) is a programming error. */
export function unitOf(tx: Tx): Unit {
  const unit = units.get(tx)
  if (!unit) throw new Error('This is not the transaction that withOrganization handed out, or it has ended.')
  return unit
}
