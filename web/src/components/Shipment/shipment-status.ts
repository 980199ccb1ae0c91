import type { Tone } from '@/components/Kit/tones'
import type { ShipmentStatus } from '@/gql/graphql'

interface StatusLook {
  icon: string
  tone: Tone
}

const looks: Record<ShipmentStatus, StatusLook> = {
  DRAFT: { icon: 'i-lucide-pencil', tone: 'neutral' },
  PENDING: { icon: 'i-lucide-clock', tone: 'neutral' },
  PICKED_UP: { icon: 'i-lucide-package-check', tone: 'info' },
  IN_TRANSIT: { icon: 'i-lucide-truck', tone: 'info' },
  AT_HUB: { icon: 'i-lucide-warehouse', tone: 'info' },
  OUT_FOR_DELIVERY: { icon: 'i-lucide-map-pin', tone: 'info' },
  DELIVERED: { icon: 'i-lucide-circle-check', tone: 'success' },
  ATTEMPT_FAILED: { icon: 'i-lucide-door-closed', tone: 'warning' },
  ON_HOLD: { icon: 'i-lucide-circle-pause', tone: 'warning' },
  RETURNED: { icon: 'i-lucide-undo-2', tone: 'warning' },
  LOST: { icon: 'i-lucide-circle-help', tone: 'error' },
  CANCELLED: { icon: 'i-lucide-circle-slash', tone: 'neutral' },
}

/** The statuses in the order a shipment goes through them. */
export const shipmentStatuses = Object.keys(looks) as ShipmentStatus[]

/** How a status looks: always an icon and a word beside the colour. */
export function statusLook(status: ShipmentStatus): StatusLook {
  return looks[status]
}
