export const serviceRequestKinds = [
  'CLEANING',
  'CHECK_IN',
  'CHECK_OUT',
  'MAINTENANCE',
  'LINEN',
  'SUPPLIES',
  'TRANSPORT',
  'INFORMATION',
  'OTHER',
] as const
export type ServiceRequestKind = (typeof serviceRequestKinds)[number]

export const serviceRequestUrgencies = ['LOW', 'NORMAL', 'HIGH'] as const
export type ServiceRequestUrgency = (typeof serviceRequestUrgencies)[number]

export const serviceRequestChannels = ['PORTAL', 'PHONE', 'MAIL', 'APP'] as const
export type ServiceRequestChannel = (typeof serviceRequestChannels)[number]

/** Whose doing something is. */
export type ServiceRequestAuthor = 'HOUSE' | 'CLIENT'

export const serviceRequestStatuses = [
  'NEW',
  'ACCEPTED',
  'SCHEDULED',
  'IN_PROGRESS',
  'DONE',
  'DECLINED',
  'CANCELLED',
] as const
export type ServiceRequestStatus = (typeof serviceRequestStatuses)[number]

/** Where the house still has something to do. */
export const openStatuses = ['NEW', 'ACCEPTED', 'SCHEDULED', 'IN_PROGRESS'] as const satisfies ServiceRequestStatus[]

/** Where a client may take back by themselves what they asked for: later, somebody is on the way. */
const cancellable: readonly ServiceRequestStatus[] = ['NEW', 'ACCEPTED']

/**
 * What may come after what. Steps may be left out, and each can be taken back: what was ended by mistake goes on where it stood. What has begun cannot be
 * declined any more, only called off.
 */
const following: Record<ServiceRequestStatus, readonly ServiceRequestStatus[]> = {
  NEW: ['ACCEPTED', 'SCHEDULED', 'IN_PROGRESS', 'DONE', 'DECLINED', 'CANCELLED'],
  ACCEPTED: ['NEW', 'SCHEDULED', 'IN_PROGRESS', 'DONE', 'DECLINED', 'CANCELLED'],
  SCHEDULED: ['NEW', 'ACCEPTED', 'IN_PROGRESS', 'DONE', 'DECLINED', 'CANCELLED'],
  IN_PROGRESS: ['NEW', 'ACCEPTED', 'SCHEDULED', 'DONE', 'CANCELLED'],
  DONE: openStatuses,
  DECLINED: ['NEW', 'ACCEPTED', 'SCHEDULED'],
  CANCELLED: openStatuses,
}

/** True when a request of the one status may next be of the other. */
export function mayFollow(current: ServiceRequestStatus, next: ServiceRequestStatus): boolean {
  return following[current].includes(next)
}

/** True while a client may cancel their own. */
export function mayClientCancel(status: ServiceRequestStatus): boolean {
  return cancellable.includes(status)
}
