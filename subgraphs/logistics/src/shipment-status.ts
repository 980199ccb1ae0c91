export const shipmentStatuses = [
  'DRAFT',
  'PENDING',
  'PICKED_UP',
  'IN_TRANSIT',
  'AT_HUB',
  'OUT_FOR_DELIVERY',
  'DELIVERED',
  'ATTEMPT_FAILED',
  'ON_HOLD',
  'RETURNED',
  'LOST',
  'CANCELLED',
] as const
export type ShipmentStatus = (typeof shipmentStatuses)[number]

const onTheWay = ['PICKED_UP', 'IN_TRANSIT', 'AT_HUB', 'OUT_FOR_DELIVERY', 'ATTEMPT_FAILED', 'ON_HOLD'] as const
const fromTheWay = [...onTheWay, 'DELIVERED', 'RETURNED', 'LOST'] as const

/**
 * What may come after what. Carriers leave scans out and repeat them, so everything on the way may follow everything on the way; nobody cancels
 * what has left, and what is delivered, returned or cancelled is over. What was lost can be found.
 */
const following: Record<ShipmentStatus, readonly ShipmentStatus[]> = {
  DRAFT: ['PENDING', ...onTheWay, 'CANCELLED'],
  PENDING: [...fromTheWay, 'CANCELLED'],
  PICKED_UP: fromTheWay,
  IN_TRANSIT: fromTheWay,
  AT_HUB: fromTheWay,
  OUT_FOR_DELIVERY: fromTheWay,
  ATTEMPT_FAILED: fromTheWay,
  ON_HOLD: [...fromTheWay, 'CANCELLED'],
  LOST: [...onTheWay, 'DELIVERED', 'RETURNED'],
  DELIVERED: [],
  RETURNED: [],
  CANCELLED: [],
}

/** True when a shipment of the one status may next be of the other. */
export function mayFollow(current: ShipmentStatus, next: ShipmentStatus): boolean {
  return following[current].includes(next)
}

/** True after the last status there is. */
export function isOver(status: ShipmentStatus): boolean {
  return following[status].length === 0
}

/** True while a shipment is only announced: any movement tells more, whenever it happened. */
export function isAnnounced(status: ShipmentStatus): boolean {
  return status === 'DRAFT' || status === 'PENDING'
}
