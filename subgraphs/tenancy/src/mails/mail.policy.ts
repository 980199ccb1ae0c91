import { effectiveScopes, type Rights, type Viewer } from '@passerelle/platform/schema'
import { rowsOf, type Tx } from '@passerelle/platform/sql'
import type { Tables } from '../tables.ts'

/** Those of the addresses, by their keys, whose messages the viewer may not read. */
export async function listClosedAddresses(
  tx: Tx,
  viewer: Viewer,
  addresses: readonly string[],
): Promise<ReadonlySet<string>> {
  if (addresses.length === 0) return new Set()
  const shared = await rowsOf<{ user_id: string }>(tx, 'select * from tenancy.shared_people()', [])
  const sharedIds = new Set(shared.map((row) => row.user_id))
  const readers = [...(await listMembers(tx, addresses)), ...(await listInvited(tx, addresses))]
  const closed = readers.filter(
    (reader) => isStronger(viewer, reader) || (sharedIds.has(reader.userId ?? '') && reader.userId !== viewer.userId),
  )
  return new Set(closed.map(({ address }) => address))
}

type Reader = Rights & { address: string; userId: string | null }

function isStronger(viewer: Viewer, reader: Rights): boolean {
  if (reader.roles.includes('OWNER')) return !viewer.roles.includes('OWNER')
  return effectiveScopes(reader).some((scope) => !viewer.scopes.includes(scope))
}

async function listMembers(tx: Tx, addresses: readonly string[]): Promise<Reader[]> {
  return tx
    .withTables<Tables>()
    .selectFrom('tenancy.member')
    .innerJoin('tenancy.person', 'tenancy.person.id', 'tenancy.member.user_id')
    .select(['email_key as address', 'user_id as userId', 'roles'])
    .select(['granted_scopes as granted', 'withheld_scopes as withheld'])
    .where('email_key', 'in', addresses)
    .execute()
}

async function listInvited(tx: Tx, addresses: readonly string[]): Promise<Reader[]> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('tenancy.invitation')
    .select(['email_key as address', 'roles'])
    .where('email_key', 'in', addresses)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .execute()
  return rows.map((row) => ({ ...row, granted: [], withheld: [], userId: null }))
}
