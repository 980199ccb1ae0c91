import { audit, installationChain } from '@passerelle/platform/audit'
import type { Platform } from '@passerelle/platform/subgraph'
import { createDeviceToken, toDevice, type Device, type DeviceInput } from './device.ts'
import { emailAddress } from '../email.ts'
import { countAttempt } from './guessing.ts'
import { verifyPassword } from '../passwords/password.ts'
import { findPerson, holdPassword } from '../passwords/password-reset.store.ts'
import { addressesOf } from '../personal-data/personal-data.addresses.ts'
import { InvalidCredentials } from '../refusals.ts'
import { startSession, toSession, type Session } from './session.ts'
import { newDeviceMessage } from './session.mail.ts'
import { findLogin, hasBeenHere } from './session.store.ts'

/** For how long a place is remembered that a person has logged in from. */
const rememberedDays = 90

export interface LogInInput {
  email: string
  password: string
  /** Where; where they were last, unless told. */
  organizationId?: string | null | undefined
  device?: DeviceInput | null | undefined
}

/**
 * Logs in. InvalidCredentials, after the same time, whatever is wrong; TooManyAttempts when it has been wrong too often from there. A person who
 * logs in from a device and network that are new to the organisation is told by mail.
 */
export async function logIn(platform: Platform, input: LogInInput, caller: string | undefined): Promise<Session> {
  const address = emailAddress.safeParse(input.email).data ?? ''
  const device = toDevice(platform.keys, { device: input.device, address, caller })
  const forgive = await countAttempt(platform, { address, device: device.id, caller })
  const { sql } = platform
  const addresses = await addressesOf(platform)
  const login = address === '' ? null : await findLogin({ sql, addresses }, address, input.organizationId ?? null)
  const right = await verifyPassword(login?.passwordHash ?? null, input.password)
  if (!login || !right) {
    noteFailure(platform, { address, organizationId: login?.organizationId, device })
    throw new InvalidCredentials()
  }
  await forgive()
  const { organizationId, userId } = login
  const granted = await sql.withOrganization(login, async (tx) => {
    // Whoever changed it in the meantime wants no session of the old one.
    if (!(await holdPassword(tx, userId, login.passwordHash))) throw new InvalidCredentials()
    const known = device.id !== null || (await hasBeenHere(tx, { userId, device, days: rememberedDays }))
    const grant = await startSession(tx, { organizationId, userId, device, isNewDevice: device.id === null })
    return { grant, stranger: known ? null : await findPerson(tx, addresses, userId) }
  })
  if (granted.stranger) await tellOfNewDevice(platform, { organizationId, person: granted.stranger, device })
  return toSession(platform, granted.grant, createDeviceToken(platform.keys, address, device.id))
}

/**
 * Records a log-in that failed, with the organisation of the account or, when there is none, with the installation: nothing is awaited, so that the
 * answer takes the same time for both. The address is told by a hash that only this installation can make.
 */
function noteFailure(
  { sql, keys, log }: Platform,
  { address, organizationId, device }: { address: string; organizationId: string | undefined; device: Device },
): void {
  const detail = { address: keys.mac('addresses', address.toLowerCase()).slice(0, 22), network: device.network }
  sql
    .withOrganization({ organizationId: organizationId ?? installationChain }, async (tx) =>
      audit(tx, { action: 'session.refused', detail, author: 'SERVICE' }),
    )
    .catch((error: unknown) => log.warn({ err: error }, 'a failed log-in was not recorded'))
}

/** The session is open whether or not the message can be sent. */
async function tellOfNewDevice(
  { mail, log }: Platform,
  told: { organizationId: string; person: { email: string; name: string }; device: Device },
): Promise<void> {
  const { organizationId, person, device } = told
  const letter = newDeviceMessage({ name: person.name, device: device.name, network: device.network, at: new Date() })
  await mail
    .send({ organizationId, to: person.email, ...letter })
    .catch((error: unknown) => log.warn({ err: error }, 'message of a log-in from a new device'))
}
