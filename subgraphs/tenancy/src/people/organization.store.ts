import { rowsOf, type Tx } from '@passerelle/platform/sql'
import type { Role } from '@passerelle/platform/schema'
import { sealPersonAddress, type Addresses } from '../personal-data/personal-data.addresses.ts'
import type { Tables } from '../tables.ts'

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

export interface NewPerson {
  id: string
  email: string
  name: string
  passwordHash: string
}

/** Writes a new organisation with its first person, who owns it. */
export async function insertOrganization(
  tx: Tx,
  addresses: Addresses,
  { organization, person }: { organization: Organization; person: NewPerson },
): Promise<void> {
  await tx.withTables<Tables>().insertInto('tenancy.organization').values(organization).execute()
  await insertPerson(tx, addresses, person)
  await insertMember(tx, { organizationId: organization.id, userId: person.id, roles: ['OWNER'] })
}

/** Writes a new organisation of a person who is there already. */
export async function insertOrganizationOf(tx: Tx, organization: Organization, userId: string): Promise<void> {
  await tx.withTables<Tables>().insertInto('tenancy.organization').values(organization).execute()
  await insertMember(tx, { organizationId: organization.id, userId, roles: ['OWNER'] })
}

interface NewPlace {
  organizationId: string
  userId: string
  roles: Role[]
  /** Instead of roles. */
  clientId?: string | null
}

export async function insertPerson(tx: Tx, addresses: Addresses, person: NewPerson): Promise<void> {
  await tx
    .withTables<Tables>()
    .insertInto('tenancy.person')
    .values({
      id: person.id,
      ...sealPersonAddress(addresses, person),
      name: person.name,
      password_hash: person.passwordHash,
    })
    .execute()
}

/**
 * Gives the person a place, as a member with roles or as a client without any; one who has a place there already stays as they are. True when it was new.
 */
export async function insertMember(
  tx: Tx,
  { organizationId, userId, roles, clientId = null }: NewPlace,
): Promise<boolean> {
  const inserted = await tx
    .withTables<Tables>()
    .insertInto('tenancy.member')
    .values({ organization_id: organizationId, user_id: userId, roles, client_id: clientId })
    .onConflict((conflict) => conflict.doNothing())
    .returning('user_id')
    .executeTakeFirst()
  return inserted !== undefined
}

export async function renameRow(tx: Tx, organization: Organization): Promise<void> {
  await tx
    .withTables<Tables>()
    .updateTable('tenancy.organization')
    .set({ name: organization.name })
    .where('id', '=', organization.id)
    .execute()
}

/** A person's place in one of their organisations. */
export interface Place {
  organizationId: string
  name: string
  roles: Role[]
  joinedAt: Date
}

/** The organisations of the person the transaction speaks for, by name. */
export async function listOwnPlaces(tx: Tx): Promise<Place[]> {
  const rows = await rowsOf<{ organization_id: string; name: string; roles: Role[]; joined_at: Date }>(
    tx,
    'select * from tenancy.own_places()',
    [],
  )
  return rows.map((row) => ({
    organizationId: row.organization_id,
    name: row.name,
    roles: row.roles,
    joinedAt: row.joined_at,
  }))
}
