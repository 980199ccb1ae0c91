import { z } from 'zod'
import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import { NotAllowed, parseInput, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { countChange } from '../sessions/guessing.ts'
import { hashPassword, newPassword, requireStrong, verifyPassword } from './password.ts'
import { settleChange } from './password-reset.ts'
import { endAccess, findPerson, holdPassword } from './password-reset.store.ts'
import { addressesOf } from '../personal-data/personal-data.addresses.ts'
import { InvalidCredentials } from '../refusals.ts'
import { updatePassword } from '../sessions/session.store.ts'

const changeInput = z.object({ currentPassword: z.string(), newPassword })

/**
 * Changes the viewer's own password and ends their other sessions, in every organisation, and any link to choose another. InvalidCredentials when the
 * current one is wrong, TooManyAttempts after ten tries in a quarter of an hour: a session that was left open is no way to guess.
 */
export async function changePassword(
  platform: Platform,
  viewer: Viewer,
  input: z.input<typeof changeInput>,
): Promise<{ sessionsEnded: number }> {
  const passwords = parseInput(changeInput, input)
  const { organizationId, userId, sessionId } = viewer
  if (!userId) throw new NotAllowed('A service has no password.')
  const addresses = await addressesOf(platform)
  const person = await platform.sql.withOrganization(viewer, (tx) => findPerson(tx, addresses, userId))
  if (!person) throw new NotAllowed()
  await requireStrong(passwords.newPassword, [person.name, person.email], 'newPassword')
  await countChange(platform, userId)
  if (!(await verifyPassword(person.passwordHash, passwords.currentPassword))) throw new InvalidCredentials()
  const passwordHash = await hashPassword(passwords.newPassword)
  const sessions = await platform.sql.withOrganization(viewer, async (tx) => {
    if (!(await holdPassword(tx, userId, person.passwordHash))) throw new InvalidCredentials()
    await updatePassword(tx, userId, passwordHash)
    publish(tx, { type: 'password.changed', payload: { userId } })
    audit(tx, { action: 'password.changed', subject: { kind: 'User', id: userId }, detail: { by: 'self' } })
    return endAccess(tx, sessionId)
  })
  return settleChange(platform, { organizationId, userId, sessions, forgive: null })
}
