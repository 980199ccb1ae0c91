import type { OrganizationScope, Tx } from './sql.ts'

/**
 * The unit of work around one transaction: whose it is, and what must be written last (what was used, facts and audit entries, each under its organisation's lock). Kept beside the
 * transaction, so that a domain function needs nothing but its `tx`.
 */
export interface Unit {
  readonly scope: OrganizationScope
  readonly lastWrites: Map<LastWrite, () => Promise<void>>
}

/** In this order, whichever was asked for first: two transactions that took two of the locks in turn would wait for each other. */
const lastWriteOrder = ['usage', 'facts', 'audit'] as const
export type LastWrite = (typeof lastWriteOrder)[number]

const units = new WeakMap<Tx, Unit>()

export function startUnit(tx: Tx, scope: OrganizationScope): Unit {
  const unit: Unit = { scope, lastWrites: new Map() }
  units.set(tx, unit)
  return unit
}

/** Runs the last writes inside the transaction. */
export async function finishUnit(tx: Tx, unit: Unit): Promise<void> {
  for (const name of lastWriteOrder) await unit.lastWrites.get(name)?.()
  units.delete(tx)
}

/** The unit of a running transaction; a transaction not opened by `withOrganization` (or narrowed by `withTables`) is a programming error. */
export function unitOf(tx: Tx): Unit {
  const unit = units.get(tx)
  if (!unit) throw new Error('This is not the transaction that withOrganization handed out, or it has ended.')
  return unit
}
