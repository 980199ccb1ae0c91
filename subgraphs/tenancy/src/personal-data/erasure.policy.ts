import type { Subject } from '@passerelle/platform/privacy'
import { InvalidInput } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import { countOwners, findMember, holdMembers } from '../people/member.store.ts'

/**
 * Holds who belongs to the organisation until the transaction ends. InvalidInput for the last owner: asked with the request, and again when it is carried out,
 * for the other owners may have gone since.
 */
export async function requireAnotherOwner(tx: Tx, { userId }: Pick<Subject, 'userId'>): Promise<void> {
  await holdMembers(tx)
  const member = userId ? await findMember(tx, userId) : null
  if (member?.roles.includes('OWNER') && (await countOwners(tx)) === 1)
    throw new InvalidInput('The last owner cannot be erased: name another one first, or have the organisation erased.')
}
