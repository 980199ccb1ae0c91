import type { Tx } from '@passerelle/platform/sql'
import type { Tables } from './tables.ts'

export interface Organization {
  id: string
  name: string
}

/** The organisation the transaction is in. */
export async function findOrganization(tx: Tx, id: string): Promise<Organization | undefined> {
  return tx
    .withTables<Tables>()
    .selectFrom('tenancy.organization')
    .select(['id', 'name'])
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Writes a new organisation with its first person, who owns it. */
export async function insertOrganization(
  tx: Tx,
  {
    organization,
    person,
  }: { organization: Organization; person: { id: string; email: string; name: string; passwordHash: string } },
): Promise<void> {
  const tables = tx.withTables<Tables>()
  await tables.insertInto('tenancy.organization').values(organization).execute()
  await tables
    .insertInto('tenancy.person')
    .values({
      id: person.id,
      email: person.email,
      email_key: person.email.toLowerCase(),
      name: person.name,
      password_hash: person.passwordHash,
    })
    .execute()
  await tables
    .insertInto('tenancy.member')
    .values({ organization_id: organization.id, user_id: person.id, roles: ['OWNER'] })
    .execute()
}
