import { z } from 'zod'
import { publish } from '@passerelle/platform/facts'
import { isRecordId } from '@passerelle/platform/records'
import { InvalidInput, NotFound, parseInput, type Viewer } from '@passerelle/platform/schema'
import { momentAfter } from '@passerelle/platform/sql/moment'
import type { Platform } from '@passerelle/platform/subgraph'
import { authorOf } from './service-request-author.ts'
import { insertEvent } from './service-request-event.store.ts'
import {
  mayClientCancel,
  mayFollow,
  serviceRequestStatuses,
  type ServiceRequestStatus,
} from './service-request-status.ts'
import { requestStatusChanged } from './service-request.facts.ts'
import { holdRequest, updateRequest } from './service-request.store.ts'
import { plannedMoment, toEvent, type ServiceRequest } from './service-request.ts'

const statusInput = z.object({
  id: z.string(),
  status: z.enum(serviceRequestStatuses),
  scheduledFor: plannedMoment.nullish(),
})

/**
 * Says where a request stands, and for SCHEDULED since when it is planned for. A request that stands there already stays as it is. InvalidInput for what
 * cannot follow, and for a plan without a moment.
 */
export async function changeServiceRequestStatus(
  platform: Platform,
  viewer: Viewer,
  input: z.input<typeof statusInput>,
): Promise<ServiceRequest> {
  const { id, status, scheduledFor } = parseInput(statusInput, input)
  return move(platform, viewer, { id, status, scheduledFor: scheduledFor ?? null })
}

/** Calls a request off. A client does so with their own, while nobody has planned it: InvalidInput later. */
export async function cancelServiceRequest(platform: Platform, viewer: Viewer, id: string): Promise<ServiceRequest> {
  return move(platform, viewer, { id, status: 'CANCELLED', scheduledFor: null })
}

interface Step {
  id: string
  status: ServiceRequestStatus
  scheduledFor: Date | null
}

async function move(
  { sql, sealing }: Platform,
  viewer: Viewer,
  { id, status, scheduledFor }: Step,
): Promise<ServiceRequest> {
  if (!isRecordId('req', id)) throw new NotFound()
  const keys = await sealing.keysOf(viewer.organizationId)
  const who = authorOf(viewer)
  return sql.withOrganization(viewer, async (tx) => {
    const before = await holdRequest(tx, keys, id)
    if (!before) throw new NotFound()
    const request = {
      ...before,
      status,
      scheduledFor: scheduledFor ?? before.scheduledFor,
      updatedAt: momentAfter(before.updatedAt),
    }
    const isPlannedAnew = before.scheduledFor?.getTime() !== request.scheduledFor?.getTime()
    if (before.status === status && !isPlannedAnew) return before
    requireStep(before, request)
    if (viewer.clientId !== null && !mayClientCancel(before.status))
      throw new InvalidInput('This is planned already: write to the house to call it off.', ['id'])
    await updateRequest(tx, keys, request)
    await insertEvent(tx, viewer.organizationId, toEvent(request, who))
    publish(tx, requestStatusChanged(request, who.author))
    return request
  })
}

function requireStep(before: ServiceRequest, { status, scheduledFor }: ServiceRequest): void {
  if (before.status !== status && !mayFollow(before.status, status))
    throw new InvalidInput(`${status} cannot follow ${before.status}.`, ['status'])
  if (status === 'SCHEDULED' && scheduledFor === null)
    throw new InvalidInput('Say for when it is planned.', ['scheduledFor'])
}
