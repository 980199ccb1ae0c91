import { z } from 'zod'
import { publish } from '@passerelle/platform/facts'
import { NotAllowed, parseInput, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { countAttempt } from './guessing.ts'
import { hashPassword, newPassword, verifyPassword } from './password.ts'
import { settleChange } from './password-reset.ts'
import { endAccess, findPerson, holdPassword } from './password-reset.store.ts'
import { InvalidCredentials } from './refusals.ts'
import { updatePassword } from './session.store.ts'

const changeInput = z.object({ currentPassword: z.string(), newPassword })

/**
 * Changes the viewer's own password and ends their other sessions, in every organisation, and any link to choose another. InvalidCredentials when the
 * current one is wrong, which counts as an attempt to log in: a session that was left open is no way to guess.
 */
export async function changePassword(
  platform: Platform,
  viewer: Viewer,
  input: z.input<typeof changeInput>,
): Promise<{ sessionsEnded: number }> {
  const passwords = parseInput(changeInput, input)
  const { organizationId, userId, sessionId } = viewer
  if (!userId) throw new NotAllowed('A service has no password.')
  const person = await platform.sql.withOrganization(viewer, (tx) => findPerson(tx, userId))
  if (!person) throw new NotAllowed()
  const forgive = await countAttempt(platform, person.email)
  if (!(await verifyPassword(person.passwordHash, passwords.currentPassword))) throw new InvalidCredentials()
  await forgive()
  const passwordHash = await hashPassword(passwords.newPassword)
  const sessions = await platform.sql.withOrganization(viewer, async (tx) => {
    if (!(await holdPassword(tx, userId, person.passwordHash))) throw new InvalidCredentials()
    await updatePassword(tx, userId, passwordHash)
    publish(tx, { type: 'password.changed', payload: { userId } })
    return endAccess(tx, sessionId)
  })
  return settleChange(platform, { organizationId, userId, sessions, forgive: false })
}
