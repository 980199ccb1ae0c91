import { z } from 'zod'
import { publish } from '@passerelle/platform/facts'
import { newId } from '@passerelle/platform/ids'
import { isRecordId, requiredLine } from '@passerelle/platform/records'
import { InvalidInput, NotAllowed, NotFound, parseInput, type Viewer } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import { momentAfter } from '@passerelle/platform/sql/moment'
import type { Platform } from '@passerelle/platform/subgraph'
import { requireAssignable } from './assignee.ts'
import { applyChanges } from '../changes.ts'
import { authorOf, type Author } from './service-request-author.ts'
import { insertEvent } from './service-request-event.store.ts'
import { requireRoomForRequest } from './service-request.limits.ts'
import {
  serviceRequestChannels,
  serviceRequestKinds,
  serviceRequestUrgencies,
  type ServiceRequestAuthor,
  type ServiceRequestChannel,
  type ServiceRequestKind,
  type ServiceRequestStatus,
  type ServiceRequestUrgency,
} from './service-request-status.ts'
import { lines, requestKey } from './service-request.input.ts'
import { requestCreated, requestUpdated } from './service-request.facts.ts'
import { findByRequestKey, holdRequest, insertRequest, isSeen, updateRequest } from './service-request.store.ts'

/** What somebody asks the house to do. */
export interface ServiceRequest {
  id: string
  /** Who asks; null for what the house needs itself. */
  clientId: string | null
  propertyId: string | null
  kind: ServiceRequestKind
  title: string
  description: string | null
  urgency: ServiceRequestUrgency
  status: ServiceRequestStatus
  scheduledFor: Date | null
  /** The member who looks after it. */
  assigneeId: string | null
  channel: ServiceRequestChannel
  /** Who wrote it down. */
  author: ServiceRequestAuthor
  createdAt: Date
  updatedAt: Date
}

/** When something can be planned for: nobody plans further, and a year with a slip is refused. */
const [earliest, latest] = [new Date('2000-01-01T00:00:00Z'), new Date('2100-01-01T00:00:00Z')]

export const plannedMoment = z
  .date()
  .refine((moment) => moment >= earliest && moment < latest, 'It is planned for a year from 2000 to 2099.')

const title = requiredLine('A title', 200)
const details = {
  clientId: z.string().nullish(),
  propertyId: z.string().nullish(),
  description: lines('A description', 4_000).nullish(),
  scheduledFor: plannedMoment.nullish(),
  assigneeId: z.string().nullish(),
}
const createInput = z.object({
  kind: z.enum(serviceRequestKinds),
  title,
  ...details,
  urgency: z.enum(serviceRequestUrgencies).nullish(),
  channel: z.enum(serviceRequestChannels).nullish(),
  requestKey,
})
const updateInput = z.object({
  id: z.string(),
  kind: z.enum(serviceRequestKinds).optional(),
  title: title.optional(),
  ...details,
  urgency: z.enum(serviceRequestUrgencies).optional(),
  channel: z.enum(serviceRequestChannels).optional(),
})

/**
 * Writes down a request, with the first line of its history. A client asks in their own name, for a property that they see, and a bounded number of times:
 * QuotaExceeded. Under the same key it is the request that was made first; InvalidInput when that was another one.
 */
export async function createServiceRequest(
  { sql, sealing, readGraph }: Platform,
  viewer: Viewer,
  input: z.input<typeof createInput>,
): Promise<ServiceRequest> {
  const { requestKey: key = null, ...typed } = parseInput(createInput, input)
  const who = authorOf(viewer)
  const wanted = toNewRequest(viewer, typed)
  await requireAssignable(readGraph, viewer, wanted.assigneeId)
  const keys = await sealing.keysOf(viewer.organizationId)
  return sql.withOrganization(viewer, async (tx) => {
    const asked = { createdBy: who.createdBy, requestKey: key }
    const before = await findByRequestKey(tx, keys, asked)
    if (before) return requireSame(before, wanted)
    await requireSeen(tx, wanted)
    if (viewer.clientId !== null) await requireRoomForRequest(tx, viewer.clientId, wanted.createdAt)
    if (!(await insertRequest(tx, keys, { request: wanted, ...asked })))
      return requireSame(await findByRequestKey(tx, keys, asked), wanted)
    await insertEvent(tx, viewer.organizationId, toEvent(wanted, who))
    publish(tx, requestCreated(wanted))
    return wanted
  })
}

/** Changes what is given and leaves the rest; null clears. NotFound for a request of nobody's or somebody else's. */
export async function updateServiceRequest(
  { sql, sealing, readGraph }: Platform,
  viewer: Viewer,
  input: Partial<Record<keyof z.input<typeof updateInput>, unknown>>,
): Promise<ServiceRequest> {
  const { id, ...given } = parseInput(updateInput, input)
  if (!isRecordId('req', id)) throw new NotFound()
  await requireAssignable(readGraph, viewer, given.assigneeId ?? null)
  const keys = await sealing.keysOf(viewer.organizationId)
  return sql.withOrganization(viewer, async (tx) => {
    const before = await holdRequest(tx, keys, id)
    if (!before) throw new NotFound()
    const request = { ...applyChanges(before, given), updatedAt: momentAfter(before.updatedAt) }
    if (request.status === 'SCHEDULED' && request.scheduledFor === null)
      throw new InvalidInput('What is scheduled has a moment.', ['scheduledFor'])
    await requireSeen(tx, {
      clientId: request.clientId === before.clientId ? null : request.clientId,
      propertyId: request.propertyId === before.propertyId ? null : request.propertyId,
    })
    await updateRequest(tx, keys, request)
    // Whoever it was taken from has to hear of it too.
    if (before.clientId !== request.clientId) publish(tx, requestUpdated(before, authorOf(viewer).author))
    publish(tx, requestUpdated(request, authorOf(viewer).author))
    return request
  })
}

/** The line of the history that says where the request stands since its last change. */
export function toEvent({ id, status, updatedAt }: ServiceRequest, { author, actor }: Author) {
  return { requestId: id, status, author, actor, occurredAt: updatedAt }
}

function toNewRequest(
  { clientId: own }: Viewer,
  typed: Omit<z.output<typeof createInput>, 'requestKey'>,
): ServiceRequest {
  const { clientId = null, assigneeId = null, scheduledFor = null, channel, ...asked } = typed
  // What a client does not decide.
  if (own !== null && (clientId ?? assigneeId ?? scheduledFor ?? channel ?? null) !== null) throw new NotAllowed()
  const now = new Date()
  return {
    id: newId('req'),
    clientId: own ?? clientId,
    propertyId: asked.propertyId ?? null,
    kind: asked.kind,
    title: asked.title,
    description: asked.description || null,
    urgency: asked.urgency ?? 'NORMAL',
    status: 'NEW',
    scheduledFor,
    assigneeId,
    channel: own === null ? (channel ?? 'APP') : 'PORTAL',
    author: own === null ? 'HOUSE' : 'CLIENT',
    createdAt: now,
    updatedAt: now,
  }
}

async function requireSeen(
  tx: Tx,
  { clientId, propertyId }: Pick<ServiceRequest, 'clientId' | 'propertyId'>,
): Promise<void> {
  if (!(await isSeen(tx, 'conciergerie.client', clientId)))
    throw new InvalidInput('There is no such client.', ['clientId'])
  if (!(await isSeen(tx, 'conciergerie.property', propertyId)))
    throw new InvalidInput('There is no such property.', ['propertyId'])
}

function requireSame(before: ServiceRequest | null, wanted: ServiceRequest): ServiceRequest {
  const same = (['clientId', 'propertyId', 'kind', 'title', 'description'] as const).every(
    (part) => before?.[part] === wanted[part],
  )
  if (!before || !same) throw new InvalidInput('Something else was asked for under this key.', ['requestKey'])
  return before
}
