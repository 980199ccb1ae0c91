import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import type { TokenKeys } from '@passerelle/platform/identity'
import { newId } from '@passerelle/platform/ids'
import { optionalLine } from '@passerelle/platform/records'
import { InvalidInput, NotFound, parseInput, QuotaExceeded, type Viewer } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { readHouseUrl } from '../env.ts'
import { holdMembers } from '../people/member.store.ts'
import { findOrganization } from '../people/organization.store.ts'
import { revoke } from '../sessions/session.ts'
import { clientLinkMessage } from './client-link.mail.ts'
import { countOpenLinks, holdClientLink, insertClientLink, revokeLinks, type ClientLink } from './client-link.store.ts'
import { requireReadableClient, type ReadableClient } from './readable-client.ts'

type Person = Viewer & { userId: string }

const usualDays = 30
const mostDays = 365
/** Links of one client that hold at a time. */
const mostLinks = 20
/** Messages with links that an organisation sends in a day. */
const mostMails = 500
const dayMs = 86_400_000

const newLink = z.object({
  clientId: z.string(),
  label: optionalLine('A label', 80),
  expiresInDays: z
    .int('A link lives for whole days.')
    .min(1, 'A link lives for a day at least.')
    .max(mostDays, `A link lives for ${mostDays} days at most.`)
    .nullish(),
  sendMail: z.boolean().nullish(),
})

/** A link that has just been made: the only time that anybody sees its address. */
export interface MadeClientLink {
  link: ClientLink
  url: string
  isMailed: boolean
}

/** What is kept of a link's token: a hash that only this installation can make. */
export function hashLinkToken({ mac }: Pick<TokenKeys, 'mac'>, token: string): string {
  return mac('client links', token)
}

/**
 * Makes a link by which a client comes in, and sends it to the client's own address if asked. NotFound for a client whom the viewer cannot read, InvalidInput
 * at `sendMail` for one without an address, QuotaExceeded for more links than one client needs, or more letters than a day has.
 */
export async function createClientLink(
  platform: Platform,
  viewer: Person,
  input: z.input<typeof newLink>,
): Promise<MadeClientLink> {
  const { clientId, label, expiresInDays, sendMail } = parseInput(newLink, input)
  const client = await requireReadableClient(platform, viewer, clientId)
  if (sendMail && !client.email) throw new InvalidInput('No e-mail address of this client is known.', ['sendMail'])
  if (sendMail) await demandRoomToMail(platform, viewer.organizationId)
  const token = randomBytes(32).toString('base64url')
  const keys = await platform.sealing.keysOf(viewer.organizationId)
  const writeMail = await platform.mail.writer(viewer.organizationId)
  // Behind the #, so that no server and no other site is ever told it.
  const url = `${readHouseUrl()}/portal#${token}`
  const link = await platform.sql.withOrganization(viewer, async (tx) => {
    await requireRoom(tx, client.id)
    const made = await insertClientLink(tx, keys, {
      id: newId('clk'),
      organizationId: viewer.organizationId,
      clientId: client.id,
      label: label ?? null,
      hash: hashLinkToken(platform.keys, token),
      createdBy: viewer.userId,
      expiresAt: new Date(Date.now() + (expiresInDays ?? usualDays) * dayMs),
    })
    tell(tx, 'client_link.created', made)
    if (sendMail && client.email)
      await writeMail(tx, { to: client.email, ...(await letterOf(tx, { viewer, client, url, link: made })) })
    return made
  })
  return { link, url, isMailed: Boolean(sendMail) && !platform.mail.stays }
}

/** Ends a link, with every token and connection that it opened. One that is over stays as it is. */
export async function revokeClientLink(platform: Platform, viewer: Person, id: string): Promise<ClientLink> {
  const keys = await platform.sealing.keysOf(viewer.organizationId)
  const link = await platform.sql.withOrganization(viewer, async (tx) => {
    const held = await holdClientLink(tx, keys, id)
    if (!held) throw new NotFound()
    const [revoked] = await revokeLinks(tx, { id }, viewer.userId)
    if (!revoked) return held
    tell(tx, 'client_link.revoked', held)
    return (await holdClientLink(tx, keys, id)) ?? held
  })
  // Once more for one that is over already: the first time may have been cut short.
  await revoke(platform, viewer.organizationId, [id])
  return link
}

/** Writes down what happened to a link. */
export function tell(
  tx: Tx,
  action: 'client_link.created' | 'client_link.opened' | 'client_link.revoked',
  { id, clientId }: Pick<ClientLink, 'id' | 'clientId'>,
): void {
  publish(tx, { type: action, payload: { id, clientId } })
  audit(tx, { action, subject: { kind: 'ClientLink', id }, detail: { clientId } })
}

async function requireRoom(tx: Tx, clientId: string): Promise<void> {
  // Of two who make one at once the second counts the first's.
  await holdMembers(tx)
  const used = await countOpenLinks(tx, clientId)
  if (used < mostLinks) return
  const message = `A client has at most ${mostLinks} links that hold. Revoke one that nobody needs.`
  throw new QuotaExceeded({ message, limit: mostLinks, used })
}

async function demandRoomToMail(
  { coordination }: Pick<Platform, 'coordination'>,
  organizationId: string,
): Promise<void> {
  const rule = { limit: mostMails, windowSeconds: 86_400 }
  const { allowed, resetsAt } = await coordination.limit(organizationId, 'client-link-mails', rule)
  if (allowed) return
  const message = `An organisation sends at most ${mostMails} links a day.`
  throw new QuotaExceeded({ message, limit: mostMails, used: mostMails, resetsAt })
}

interface Mailed {
  viewer: Person
  client: ReadableClient
  link: ClientLink
  url: string
}

async function letterOf(tx: Tx, { viewer, client, link, url }: Mailed) {
  const organization = await findOrganization(tx, viewer.organizationId)
  const { expiresAt } = link
  return clientLinkMessage({ organizationName: organization?.name ?? '', name: client.name, url, expiresAt })
}
