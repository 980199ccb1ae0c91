import DataLoader from 'dataloader'
import type { Viewer } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { addressesOf, readPersonAddress } from '../personal-data/personal-data.addresses.ts'
import type { Tables } from '../tables.ts'

/** A person, as the organisations see them. */
export interface User {
  id: string
  email: string
  name: string
}

export type UserLoader = DataLoader<string, User | null>

/**
 * Loads people who belong to the viewer's organisation; anyone else is null, and so is everybody but themselves to a viewer who may not see the
 * members. The viewer is asked for late: a log-in makes one.
 */
export function createUserLoader(
  { sql, sealing }: Pick<Platform, 'sql' | 'sealing'>,
  who: () => Viewer | null,
): UserLoader {
  return new DataLoader(async (ids) => {
    const viewer = who()
    if (!viewer) return ids.map(() => null)
    const seen = viewer.scopes.includes('member:read') ? ids : ids.filter((id) => id === viewer.userId)
    const addresses = await addressesOf({ sealing })
    const sealed = await sql.withOrganization(viewer, (tx) => loadUsers(tx, seen))
    const rows = sealed.map((row) => readPersonAddress(addresses, row))
    const byId = new Map(rows.map((row) => [row.id, row]))
    return ids.map((id) => byId.get(id) ?? null)
  })
}

async function loadUsers(tx: Tx, ids: readonly string[]): Promise<User[]> {
  if (ids.length === 0) return []
  return tx
    .withTables<Tables>()
    .selectFrom('tenancy.person')
    .select(['id', 'email', 'name'])
    .where('id', 'in', ids)
    .execute()
}
