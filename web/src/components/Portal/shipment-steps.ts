import type { ShipmentStatus } from '@/gql/graphql'

/** The way of a parcel as its receiver thinks of it. */
export const steps = ['PENDING', 'PICKED_UP', 'IN_TRANSIT', 'OUT_FOR_DELIVERY', 'DELIVERED'] as const
export type Step = (typeof steps)[number]

const stepOf: Partial<Record<ShipmentStatus, Step>> = {
  DRAFT: 'PENDING',
  PENDING: 'PENDING',
  PICKED_UP: 'PICKED_UP',
  IN_TRANSIT: 'IN_TRANSIT',
  AT_HUB: 'IN_TRANSIT',
  OUT_FOR_DELIVERY: 'OUT_FOR_DELIVERY',
  DELIVERED: 'DELIVERED',
}

/** Whether it may still come. */
export const isOnTheWay = (status: ShipmentStatus): boolean =>
  !['DELIVERED', 'RETURNED', 'LOST', 'CANCELLED'].includes(status)

export interface ReachedStep {
  step: Step
  state: 'done' | 'current' | 'ahead'
}

/**
 * How far a parcel has come. What is no step of the way (it waits, nobody was at home) leaves it where its last event on the way had brought it. None for
 * one that does not come any more.
 */
export function reachedSteps(status: ShipmentStatus, passed: readonly ShipmentStatus[]): ReachedStep[] {
  if (!isOnTheWay(status) && status !== 'DELIVERED') return []
  const last = stepOf[status] ?? passed.map((each) => stepOf[each]).findLast((step) => step !== undefined) ?? 'PENDING'
  const reached = steps.indexOf(last)
  return steps.map((step, index) => ({
    step,
    state: index < reached || status === 'DELIVERED' ? 'done' : index === reached ? 'current' : 'ahead',
  }))
}
