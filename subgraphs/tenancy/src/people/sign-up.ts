import { z } from 'zod'
import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import { newId } from '@passerelle/platform/ids'
import { oneLine, unturned } from '@passerelle/platform/records'
import { InvalidInput, NotAllowed, parseInput } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { readSignUp } from '../env.ts'
import { emailAddress } from '../email.ts'
import { insertOrganization } from './organization.store.ts'
import { countSignUp } from '../sessions/guessing.ts'
import { createDeviceToken, toDevice, type DeviceInput } from '../sessions/device.ts'
import { hashPassword, newPassword, requireStrong } from '../passwords/password.ts'
import { addressesOf } from '../personal-data/personal-data.addresses.ts'
import { applyFirstPlan } from '../usage/plan.ts'
import { startSession, toSession, type Session } from '../sessions/session.ts'

/** A name that people give to themselves or to their organisation. It stands in messages to others: it is one line. */
export const givenName = z
  .string()
  .overwrite(unturned)
  .trim()
  .min(1, 'A name is needed.')
  .max(120, 'A name has at most 120 characters.')
  .regex(oneLine, 'A name is one line.')
const signUpInput = z.object({
  email: emailAddress,
  password: newPassword,
  name: givenName,
  organizationName: givenName,
})

/** Opens an organisation with its owner and logs them in. NotAllowed where the operator opens them, InvalidInput when something is missing, the password is easy to
 * guess, or the address has an account already; TooManyAttempts when too many were opened from around there. */
export async function signUp(
  platform: Platform,
  input: z.input<typeof signUpInput> & { device?: DeviceInput | null | undefined },
  caller: string | undefined,
): Promise<Session> {
  if (!readSignUp())
    throw new NotAllowed('Organisations are opened by the operator of this installation; ask for an invitation.')
  const { password, ...person } = parseInput(signUpInput, input)
  await countSignUp(platform, caller)
  await requireStrong(password, [person.name, person.email, person.organizationName])
  const device = toDevice(platform.keys, { device: input.device, address: person.email, caller })
  const passwordHash = await hashPassword(password)
  const organizationId = newId('org')
  const userId = newId('usr')
  const addresses = await addressesOf(platform)
  const granted = await platform.sql
    .withOrganization({ organizationId, userId }, async (tx) => {
      await insertOrganization(tx, addresses, {
        organization: { id: organizationId, name: person.organizationName },
        person: { id: userId, email: person.email, name: person.name, passwordHash },
      })
      await applyFirstPlan(tx)
      publish(tx, { type: 'organization.created', payload: { userId } })
      audit(tx, { action: 'organization.created', subject: { kind: 'Organization', id: organizationId } })
      return startSession(tx, { organizationId, userId, device })
    })
    .catch((error: unknown) => {
      throw isUniqueViolation(error) ? new InvalidInput('This address has an account already.', ['email']) : error
    })
  await welcome(platform, { organizationId, ...person })
  return toSession(platform, granted, createDeviceToken(platform.keys, person.email, device.id))
}

/** The account is there whether or not the message can be sent. */
async function welcome(
  { mail, log }: Platform,
  {
    organizationId,
    email,
    name,
    organizationName,
  }: { organizationId: string; email: string; name: string; organizationName: string },
): Promise<void> {
  const text = `Bonjour ${name},\n\nL'espace « ${organizationName} » est ouvert. Déposez un premier document, puis posez-lui une question.\n\nPasserelle`
  await mail
    .send({ organizationId, to: email, subject: 'Bienvenue dans Passerelle', text })
    .catch((error: unknown) => log.warn({ err: error }, 'welcome message'))
}

/** Whether a row was refused because there is one like it. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505'
}
