import type { Tone } from '@/components/Kit/tones'
import type {
  ServiceRequestChannel,
  ServiceRequestKind,
  ServiceRequestStatus,
  ServiceRequestUrgency,
} from '@/gql/graphql'

interface Look {
  icon: string
  tone: Tone
}

const looks: Record<ServiceRequestStatus, Look> = {
  NEW: { icon: 'i-lucide-sparkles', tone: 'warning' },
  ACCEPTED: { icon: 'i-lucide-thumbs-up', tone: 'info' },
  SCHEDULED: { icon: 'i-lucide-calendar-clock', tone: 'info' },
  IN_PROGRESS: { icon: 'i-lucide-loader', tone: 'info' },
  DONE: { icon: 'i-lucide-circle-check', tone: 'success' },
  DECLINED: { icon: 'i-lucide-circle-x', tone: 'error' },
  CANCELLED: { icon: 'i-lucide-circle-slash', tone: 'neutral' },
}

const kindIcons: Record<ServiceRequestKind, string> = {
  CLEANING: 'i-lucide-brush-cleaning',
  CHECK_IN: 'i-lucide-log-in',
  CHECK_OUT: 'i-lucide-log-out',
  MAINTENANCE: 'i-lucide-wrench',
  LINEN: 'i-lucide-bed-double',
  SUPPLIES: 'i-lucide-package-plus',
  TRANSPORT: 'i-lucide-car',
  INFORMATION: 'i-lucide-info',
  OTHER: 'i-lucide-concierge-bell',
}

/** The statuses in the order a request goes through them. */
export const requestStatuses = Object.keys(looks) as ServiceRequestStatus[]
export const requestKinds = Object.keys(kindIcons) as ServiceRequestKind[]
export const requestUrgencies: readonly ServiceRequestUrgency[] = ['LOW', 'NORMAL', 'HIGH']
/** How a request reaches a member who writes it down; what came by the portal stays so. */
export const requestChannels: readonly ServiceRequestChannel[] = ['APP', 'PHONE', 'MAIL']

/** Where somebody still has something to do. */
export const openStatuses: ServiceRequestStatus[] = ['NEW', 'ACCEPTED', 'SCHEDULED', 'IN_PROGRESS']

/** How a status looks: always an icon and a word beside the colour. */
export function statusLook(status: ServiceRequestStatus): Look {
  return looks[status]
}

export function kindIcon(kind: ServiceRequestKind): string {
  return kindIcons[kind]
}

/** What is usually next, the likeliest first, and how it may end otherwise. */
export interface Steps {
  next: ServiceRequestStatus[]
  ends: ServiceRequestStatus[]
}

const steps: Record<ServiceRequestStatus, Steps> = {
  NEW: { next: ['ACCEPTED', 'SCHEDULED', 'DONE'], ends: ['DECLINED', 'CANCELLED'] },
  ACCEPTED: { next: ['SCHEDULED', 'IN_PROGRESS', 'DONE'], ends: ['DECLINED', 'CANCELLED'] },
  SCHEDULED: { next: ['IN_PROGRESS', 'DONE', 'SCHEDULED'], ends: ['DECLINED', 'CANCELLED'] },
  IN_PROGRESS: { next: ['DONE', 'SCHEDULED'], ends: ['CANCELLED'] },
  DONE: { next: ['IN_PROGRESS'], ends: [] },
  DECLINED: { next: ['NEW'], ends: [] },
  CANCELLED: { next: ['NEW'], ends: [] },
}

export function stepsOf(status: ServiceRequestStatus): Steps {
  return steps[status]
}
