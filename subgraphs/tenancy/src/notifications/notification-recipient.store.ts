import { effectiveScopes, type Scope } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Tables } from '../tables.ts'

/** A member who is told something. */
export interface Recipient {
  userId: string
  /** Sealed, as the row has it. */
  email: string
  name: string
  scopes: readonly Scope[]
}

/**
 * Members by id, or all of them, with what they may do. None of them is taken out before the transaction is over: what is written to somebody is there when
 * they are erased, or not at all.
 */
export async function loadRecipients(tx: Tx, userIds: readonly string[] | null): Promise<Recipient[]> {
  if (userIds?.length === 0) return []
  const query = tx
    .withTables<Tables>()
    .selectFrom('tenancy.member as member')
    .innerJoin('tenancy.person', 'tenancy.person.id', 'member.user_id')
    .where('client_id', 'is', null)
    .select(['user_id', 'email', 'name', 'roles', 'granted_scopes', 'withheld_scopes'])
    .forKeyShare('member')
  const rows = await (userIds ? query.where('user_id', 'in', userIds) : query).orderBy('user_id').execute()
  return rows.map(({ user_id, email, name, roles, granted_scopes, withheld_scopes }) => ({
    userId: user_id,
    email,
    name,
    scopes: effectiveScopes({ roles, granted: granted_scopes, withheld: withheld_scopes }),
  }))
}
