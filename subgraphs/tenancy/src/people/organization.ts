import { applyFirstPlan } from '../usage/plan.ts'
import { z } from 'zod'
import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import { newId } from '@passerelle/platform/ids'
import { InvalidInput, NotAllowed, NotFound, parseInput, QuotaExceeded, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { removeSelf } from './member-removal.ts'
import {
  findOrganization,
  insertOrganizationOf,
  listOwnPlaces,
  renameRow,
  type Organization,
} from './organization.store.ts'
import { readSignUp } from '../env.ts'
import { InvalidCredentials } from '../refusals.ts'
import { revoke, startSession, toSession, type Session } from '../sessions/session.ts'
import { endSessions } from '../sessions/session.store.ts'
import { givenName } from './sign-up.ts'

type Person = Viewer & { userId: string }

/** Organisations that one person opens in a day. */
const mostOrganizations = 10
const nameInput = z.object({ name: givenName })

/** Gives the viewer's organisation another name. */
export function renameOrganization(
  { sql }: Pick<Platform, 'sql'>,
  viewer: Viewer,
  input: z.input<typeof nameInput>,
): Promise<Organization> {
  const organization = { id: viewer.organizationId, ...parseInput(nameInput, input) }
  return sql.withOrganization(viewer, async (tx) => {
    if (!(await findOrganization(tx, organization.id))) throw new NotFound()
    await renameRow(tx, organization)
    publish(tx, { type: 'organization.renamed', payload: { userId: viewer.userId } })
    audit(tx, { action: 'organization.renamed', subject: { kind: 'Organization', id: organization.id } })
    return organization
  })
}

/**
 * Goes on in another organisation of the viewer's: this session ends, its tokens with it, and one begins there. NotFound when the viewer has no place there.
 */
export async function switchOrganization(platform: Platform, viewer: Person, target: string): Promise<Session> {
  const places = await platform.sql.withOrganization(viewer, listOwnPlaces)
  if (!places.some(({ organizationId }) => organizationId === target)) throw new NotFound()
  const device = await endHere(platform, viewer, target)
  return startThere(platform, { viewer, organizationId: target, device })
}

/** Opens another organisation, which the viewer owns, and goes on there. NotAllowed where the operator opens them; QuotaExceeded for the eleventh in a day. */
export async function createOrganization(
  platform: Platform,
  viewer: Person,
  input: z.input<typeof nameInput>,
): Promise<Session> {
  if (!readSignUp()) throw new NotAllowed('Organisations are opened by the operator of this installation.')
  const organization = { id: newId('org'), ...parseInput(nameInput, input) }
  await demandRoom(platform, viewer.userId)
  const scope = { organizationId: organization.id, userId: viewer.userId }
  await platform.sql.withOrganization(scope, async (tx) => {
    await insertOrganizationOf(tx, organization, viewer.userId)
    await applyFirstPlan(tx)
    publish(tx, { type: 'organization.created', payload: { userId: viewer.userId } })
    audit(tx, { action: 'organization.created', subject: { kind: 'Organization', id: organization.id } })
  })
  return switchOrganization(platform, viewer, organization.id)
}

/**
 * Leaves the organisation of the session and goes on in another of the viewer's. InvalidInput for the last owner, who would leave it without one, and
 * for somebody who has no other place to go to.
 */
export async function leaveOrganization(platform: Platform, viewer: Person): Promise<Session> {
  const places = await platform.sql.withOrganization(viewer, listOwnPlaces)
  const [next] = places.filter(({ organizationId }) => organizationId !== viewer.organizationId)
  if (!next) throw new InvalidInput('This is your only organisation.')
  const device = await removeSelf(platform, viewer)
  return startThere(platform, { viewer, organizationId: next.organizationId, device })
}

async function demandRoom({ coordination }: Pick<Platform, 'coordination'>, userId: string): Promise<void> {
  const rule = { limit: mostOrganizations, windowSeconds: 86_400 }
  const { allowed, resetsAt } = await coordination.limit('platform', `organizations:${userId}`, rule)
  if (allowed) return
  const message = `A person opens at most ${mostOrganizations} organisations a day.`
  throw new QuotaExceeded({ message, limit: mostOrganizations, used: mostOrganizations, resetsAt })
}

type Place = { name: string | null; network: string | null }

/** Ends the viewer's session; answers where it had been opened. InvalidCredentials when it has ended by now. */
async function endHere(platform: Platform, viewer: Person, target: string): Promise<Place> {
  const [ended] = await platform.sql.withOrganization(viewer, async (tx) => {
    const sessions = await endSessions(tx, { sessionId: viewer.sessionId ?? '' })
    audit(tx, { action: 'session.switched', subject: { kind: 'Organization', id: target } })
    return sessions
  })
  if (!ended) throw new InvalidCredentials()
  await revoke(platform, viewer.organizationId, [ended.id])
  return ended
}

async function startThere(
  platform: Platform,
  { viewer, organizationId, device }: { viewer: Person; organizationId: string; device: Place },
): Promise<Session> {
  const { userId } = viewer
  const granted = await platform.sql.withOrganization({ organizationId, userId }, (tx) =>
    startSession(tx, { organizationId, userId, device }),
  )
  return toSession(platform, granted)
}
