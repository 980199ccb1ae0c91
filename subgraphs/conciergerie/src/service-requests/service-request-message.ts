import { z } from 'zod'
import { publish } from '@passerelle/platform/facts'
import { newId } from '@passerelle/platform/ids'
import { isRecordId } from '@passerelle/platform/records'
import { InvalidInput, NotAllowed, NotFound, parseInput, type Viewer } from '@passerelle/platform/schema'
import { momentAfter } from '@passerelle/platform/sql/moment'
import type { Platform } from '@passerelle/platform/subgraph'
import { authorOf } from './service-request-author.ts'
import { lines, requestKey } from './service-request.input.ts'
import { findMessageByKey, insertMessage } from './service-request-message.store.ts'
import type { ServiceRequestAuthor } from './service-request-status.ts'
import { messageAdded } from './service-request.facts.ts'
import { requireRoomForMessage } from './service-request.limits.ts'
import { holdRequest, updateRequest } from './service-request.store.ts'

/** What the house or the client says about a request. */
export interface ServiceRequestMessage {
  id: string
  requestId: string
  author: ServiceRequestAuthor
  /** A note of the house, which the client does not see. */
  internal: boolean
  text: string
  /** The person of the house. */
  actor: string | null
  createdAt: Date
}

const messageInput = z.object({
  serviceRequestId: z.string(),
  text: lines('A message', 4_000).min(1, 'A message says something.'),
  internal: z.boolean().nullish(),
  requestKey,
})

/**
 * Adds a message to a request, whatever it has come to: people thank, and ask again. Under the same key it is the one that was written first. A client writes
 * to their own, a bounded number of times: QuotaExceeded; and no notes of the house: NotAllowed.
 */
export async function addServiceRequestMessage(
  { sql, sealing }: Platform,
  viewer: Viewer,
  input: z.input<typeof messageInput>,
): Promise<ServiceRequestMessage> {
  const { serviceRequestId: requestId, text, internal, requestKey: key = null } = parseInput(messageInput, input)
  if (!isRecordId('req', requestId)) throw new NotFound()
  if (viewer.clientId !== null && internal) throw new NotAllowed()
  const { author, actor, createdBy } = authorOf(viewer)
  const keys = await sealing.keysOf(viewer.organizationId)
  return sql.withOrganization(viewer, async (tx) => {
    const request = await holdRequest(tx, keys, requestId)
    if (!request) throw new NotFound()
    const asked = { createdBy, requestKey: key }
    const before = await findMessageByKey(tx, keys, { requestId, ...asked })
    if (before) return requireSame(before, { text, internal: internal ?? false })
    const createdAt = new Date()
    if (viewer.clientId !== null) await requireRoomForMessage(tx, viewer.clientId, createdAt)
    const message = { id: newId('rqm'), requestId, author, internal: internal ?? false, text, actor, createdAt }
    await insertMessage(tx, keys, { message, ...asked })
    // Of what the house notes for itself the client sees not even that it happened.
    if (!message.internal) await updateRequest(tx, keys, { ...request, updatedAt: momentAfter(request.updatedAt) })
    publish(tx, messageAdded(request, message))
    return message
  })
}

function requireSame(
  before: ServiceRequestMessage,
  { text, internal }: Pick<ServiceRequestMessage, 'text' | 'internal'>,
): ServiceRequestMessage {
  if (before.text !== text || before.internal !== internal)
    throw new InvalidInput('Something else was written under this key.', ['requestKey'])
  return before
}
