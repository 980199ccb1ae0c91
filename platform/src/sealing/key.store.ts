import { sql as build, type Generated } from 'kysely'
import type { Sql, Tx } from '../sql/sql.ts'

export type KeyPurpose = 'SEAL' | 'INDEX' | 'SIGN'

export interface KeyRow {
  id: string
  organizationId: string
  purpose: KeyPurpose
  number: number
  wrapped: string
  master: string
  writesFrom: Date
  createdAt: Date
}

type Tables = {
  'platform.data_key': {
    id: string
    organization_id: string
    purpose: KeyPurpose
    number: number
    wrapped: string
    master: string
    writes_from: Date
    created_at: Generated<Date>
  }
}

/** The keys of the transaction's organisation, the oldest first. */
export async function listKeys(tx: Tx): Promise<KeyRow[]> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('platform.data_key')
    .selectAll()
    .orderBy('purpose')
    .orderBy('number')
    .execute()
  return rows.map(({ organization_id: organizationId, writes_from: writesFrom, created_at: createdAt, ...row }) => ({
    ...row,
    organizationId,
    writesFrom,
    createdAt,
  }))
}

/** Adds a key behind those there are; a `first` one only when there is none, so that two who make it at once keep one. */
export async function addKey(
  tx: Tx,
  key: Pick<KeyRow, 'id' | 'organizationId' | 'purpose' | 'wrapped' | 'master'> & {
    writesFrom: Date | null
    first: boolean
  },
): Promise<void> {
  await tx
    .withTables<Tables>()
    .insertInto('platform.data_key')
    .values((query) => ({
      id: key.id,
      organization_id: key.organizationId,
      purpose: key.purpose,
      number: key.first
        ? 1
        : query
            .selectFrom('platform.data_key')
            .select(build<number>`coalesce(max(number), 0) + 1`.as('number'))
            .where('purpose', '=', key.purpose),
      wrapped: key.wrapped,
      master: key.master,
      // The first writes at once, whatever the clocks of the two machines say.
      writes_from: key.writesFrom ?? new Date(0),
    }))
    .onConflict((conflict) => conflict.columns(['organization_id', 'purpose', 'number']).doNothing())
    .execute()
}

/** Keeps another wrapping of the same key, unless somebody was faster. */
export async function replaceWrapping(
  tx: Tx,
  { id, wrapped: former }: KeyRow,
  { wrapped, master }: Pick<KeyRow, 'wrapped' | 'master'>,
): Promise<void> {
  await tx
    .withTables<Tables>()
    .updateTable('platform.data_key')
    .set({ wrapped, master })
    .where('id', '=', id)
    .where('wrapped', '=', former)
    .execute()
}

/** Throws the keys of the transaction's organisation away; answers how many there were. */
export async function deleteKeys(tx: Tx): Promise<number> {
  const { numDeletedRows } = await tx.withTables<Tables>().deleteFrom('platform.data_key').executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}

/** Which master key wraps keys of whom, over all organisations. */
export async function findMasters(sql: Sql): Promise<{ organizationId: string; master: string }[]> {
  const rows = await sql.query<{ organization_id: string; master: string }>(
    'select organization_id, master from platform.master_keys()',
  )
  return rows.map(({ organization_id: organizationId, master }) => ({ organizationId, master }))
}
