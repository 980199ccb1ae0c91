import type { Sql, Tx } from '@passerelle/platform/sql'
import { rowsOf } from '@passerelle/platform/sql'
import { readPersonAddress, type Addresses } from '../personal-data/personal-data.addresses.ts'
import type { Tables } from '../tables.ts'

/** Whose link this is, before any organisation is known; null when it is nobody's or has expired. */
export async function findReset(sql: Sql, hash: string): Promise<{ organizationId: string; userId: string } | null> {
  const [row] = await sql.query<{ organization_id: string; user_id: string }>(
    'select * from tenancy.find_password_reset($1)',
    [hash],
  )
  return row ? { organizationId: row.organization_id, userId: row.user_id } : null
}

/** Keeps a link in the place of the person's earlier one, which ends. */
export async function replaceReset(
  tx: Tx,
  link: { organizationId: string; userId: string; hash: string; expiresAt: Date },
): Promise<void> {
  const fresh = { hash: link.hash, expires_at: link.expiresAt }
  await tx
    .withTables<Tables>()
    .insertInto('tenancy.password_reset')
    .values({ organization_id: link.organizationId, user_id: link.userId, ...fresh })
    .onConflict((conflict) => conflict.columns(['organization_id', 'user_id']).doUpdateSet(fresh))
    .execute()
}

/** Uses the link up. False when somebody else has, it was replaced or it has expired. */
export async function takeReset(tx: Tx, hash: string): Promise<boolean> {
  const taken = await tx
    .withTables<Tables>()
    .deleteFrom('tenancy.password_reset')
    .where('hash', '=', hash)
    .where('expires_at', '>', new Date())
    .returning('user_id')
    .executeTakeFirst()
  return taken !== undefined
}

/** Ends the person's links and their sessions in every organisation, but for the one that is spared; answers the sessions. */
export async function endAccess(tx: Tx, spared: string | null): Promise<{ organizationId: string; id: string }[]> {
  const rows = await rowsOf<{ organization_id: string; session_id: string }>(
    tx,
    'select * from tenancy.end_access($1)',
    [spared],
  )
  return rows.map((row) => ({ organizationId: row.organization_id, id: row.session_id }))
}

interface Person {
  email: string
  name: string
  passwordHash: string
}

export async function findPerson(tx: Tx, addresses: Addresses, userId: string): Promise<Person | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('tenancy.person')
    .select(['id', 'email', 'name', 'password_hash as passwordHash'])
    .where('id', '=', userId)
    .executeTakeFirst()
  return row ? readPersonAddress(addresses, row) : null
}

/** Holds the person's password until the transaction ends. False when it is not the one any more that the hash is of. */
export async function holdPassword(tx: Tx, userId: string, passwordHash: string): Promise<boolean> {
  const held = await tx
    .withTables<Tables>()
    .selectFrom('tenancy.person')
    .select('id')
    .where('id', '=', userId)
    .where('password_hash', '=', passwordHash)
    .forUpdate()
    .executeTakeFirst()
  return held !== undefined
}

/** Gives a person the name that they call themselves by now. */
export async function renamePerson(tx: Tx, userId: string, name: string): Promise<void> {
  await tx.withTables<Tables>().updateTable('tenancy.person').set({ name }).where('id', '=', userId).execute()
}
