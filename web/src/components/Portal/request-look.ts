import { statusLook } from '@/components/ServiceRequest/request-look'
import type { ServiceRequestStatus } from '@/gql/graphql'

/** How a status looks to who asked: as it does to the house, but for what awaits an answer, which is no work of theirs. */
export function requestLook(status: ServiceRequestStatus): ReturnType<typeof statusLook> {
  return status === 'NEW' ? { icon: 'i-lucide-send', tone: 'neutral' } : statusLook(status)
}

/** Whether who asked may still take it back. */
export const canCancel = (status: ServiceRequestStatus): boolean => status === 'NEW' || status === 'ACCEPTED'
