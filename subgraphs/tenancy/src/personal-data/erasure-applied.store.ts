import { installation } from '@passerelle/platform/sealing'
import { rowsOf } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'

const scope = { organizationId: installation }

/** Notes that this database has been through the erasure: one that is put back from before has not. */
export async function markApplied({ sql }: Pick<Platform, 'sql'>, id: string): Promise<void> {
  await sql.withOrganization(scope, (tx) =>
    rowsOf(tx, 'insert into tenancy.erasure_applied (organization_id, id) values ($1, $2) on conflict do nothing', [
      installation,
      id,
    ]),
  )
}

/** The erasures that this database has been through. */
export async function findApplied({ sql }: Pick<Platform, 'sql'>): Promise<Set<string>> {
  const rows = await sql.withOrganization(scope, (tx) =>
    rowsOf<{ id: string }>(tx, 'select id from tenancy.erasure_applied', []),
  )
  return new Set(rows.map(({ id }) => id))
}
