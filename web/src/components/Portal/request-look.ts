import type { Tone } from '@/components/Kit/tones'
import type { ServiceRequestKind, ServiceRequestStatus } from '@/gql/graphql'

const kindIcons: Record<ServiceRequestKind, string> = {
  CLEANING: 'i-lucide-sparkles',
  CHECK_IN: 'i-lucide-log-in',
  CHECK_OUT: 'i-lucide-log-out',
  MAINTENANCE: 'i-lucide-wrench',
  LINEN: 'i-lucide-bed-double',
  SUPPLIES: 'i-lucide-shopping-basket',
  TRANSPORT: 'i-lucide-truck',
  INFORMATION: 'i-lucide-info',
  OTHER: 'i-lucide-message-circle',
}

/** What can be asked for, in the order in which it is offered. */
export const requestKinds = Object.keys(kindIcons) as ServiceRequestKind[]

export const kindIcon = (kind: ServiceRequestKind): string => kindIcons[kind]

const looks: Record<ServiceRequestStatus, { icon: string; tone: Tone }> = {
  NEW: { icon: 'i-lucide-send', tone: 'neutral' },
  ACCEPTED: { icon: 'i-lucide-thumbs-up', tone: 'info' },
  SCHEDULED: { icon: 'i-lucide-calendar-check', tone: 'info' },
  IN_PROGRESS: { icon: 'i-lucide-loader-circle', tone: 'info' },
  DONE: { icon: 'i-lucide-circle-check', tone: 'success' },
  DECLINED: { icon: 'i-lucide-circle-x', tone: 'warning' },
  CANCELLED: { icon: 'i-lucide-circle-slash', tone: 'neutral' },
}

/** How a status looks: always an icon and a word beside the colour. */
export const requestLook = (status: ServiceRequestStatus) => looks[status]

/** Whether the house still works on it. */
export const isOpen = (status: ServiceRequestStatus): boolean => !['DONE', 'DECLINED', 'CANCELLED'].includes(status)

/** Whether who asked may still take it back. */
export const canCancel = (status: ServiceRequestStatus): boolean => status === 'NEW' || status === 'ACCEPTED'
