import type { NewFact } from '@passerelle/platform/facts'
import { shownCursors } from '@passerelle/platform/facts/shown-cursors'
import { subscriptionOf, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import type { ServiceRequestMessage } from './service-request-message.ts'
import type { ServiceRequestAuthor } from './service-request-status.ts'
import { loadRequests } from './service-request.store.ts'
import type { ServiceRequest } from './service-request.ts'

const types = {
  created: 'service_request.created',
  updated: 'service_request.updated',
  statusChanged: 'service_request.status_changed',
  messageAdded: 'service_request.message_added',
  redacted: 'service_request.redacted',
  removed: 'service_request.removed',
} as const

type Told = Pick<ServiceRequest, 'id' | 'clientId' | 'status' | 'assigneeId'>

/** Ids and states alone: what was written stays where it is. */
function toPayload({ id, clientId, status, assigneeId }: Told, author: ServiceRequestAuthor): NewFact['payload'] {
  return { id, clientId, status, assigneeId, author }
}

export function requestCreated(request: ServiceRequest): NewFact {
  return { type: types.created, payload: toPayload(request, request.author) }
}

export function requestUpdated(request: Told, author: ServiceRequestAuthor): NewFact {
  return { type: types.updated, payload: toPayload(request, author) }
}

/** `at` is the moment of its line in the history: whoever reads that later knows whether more has happened since. */
export function requestStatusChanged(request: Told & { updatedAt: Date }, author: ServiceRequestAuthor): NewFact {
  return { type: types.statusChanged, payload: { ...toPayload(request, author), at: request.updatedAt.toISOString() } }
}

export function messageAdded(request: Told, { id, author, internal, createdAt }: ServiceRequestMessage): NewFact {
  const said = { messageId: id, internal, at: createdAt.toISOString() }
  return { type: types.messageAdded, payload: { ...toPayload(request, author), ...said } }
}

/** Somebody was erased whom it named. */
export function requestRedacted(id: string, clientId: string | null): NewFact {
  return { type: types.redacted, payload: { id, clientId } }
}

/** It is older than the organisation keeps them. */
export function requestRemoved(id: string, clientId: string | null): NewFact {
  return { type: types.removed, payload: { id, clientId } }
}

/** Something about a request is different; `cursor` continues after it. */
export interface ServiceRequestChange {
  id: string
  cursor: string
}

/**
 * Every change of every request of the viewer's organisation, or of the one named, after the cursor or from now on. A client hears of what they see: each
 * change is read again as theirs, and a note of the house is none.
 */
export function watchRequests(
  { facts, sql, sealing, keys: houseKeys }: Platform,
  { viewer, id, after }: { viewer: Viewer; id: string | null; after: string | null | undefined },
): AsyncIterableIterator<ServiceRequestChange> {
  const { organizationId, clientId } = viewer
  const cursors = shownCursors({ keys: houseKeys }, viewer)
  const source = facts.subscribe(organizationId, {
    types: Object.values(types),
    after: cursors.read(after),
    where: ({ payload }) =>
      (id === null || payload['id'] === id) &&
      (clientId === null || (payload['clientId'] === clientId && payload['internal'] !== true)),
  })
  return subscriptionOf(source, async ({ payload, position }) => {
    const change = { id: String(payload['id']), cursor: cursors.show(position) }
    if (clientId === null) return change
    const keys = await sealing.keysOf(organizationId)
    const seen = await sql.withOrganization(viewer, (tx) => loadRequests(tx, keys, [change.id]))
    return seen.length > 0 ? change : null
  })
}
