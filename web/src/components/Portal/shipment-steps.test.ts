import { describe, expect, it } from 'vitest'
import { reachedSteps } from './shipment-steps'

const states = (...args: Parameters<typeof reachedSteps>) => reachedSteps(...args).map(({ state }) => state)

describe('the way of a parcel', () => {
  it('is done up to where it is', () => {
    expect(states('IN_TRANSIT', [])).toEqual(['done', 'done', 'current', 'ahead', 'ahead'])
    expect(states('AT_HUB', [])).toEqual(states('IN_TRANSIT', []))
    expect(states('DRAFT', [])).toEqual(['current', 'ahead', 'ahead', 'ahead', 'ahead'])
    expect(states('DELIVERED', [])).toEqual(['done', 'done', 'done', 'done', 'done'])
  })

  it('stays where it was while it waits or nobody was at home', () => {
    expect(states('ATTEMPT_FAILED', ['PENDING', 'OUT_FOR_DELIVERY', 'ATTEMPT_FAILED'])).toEqual(
      states('OUT_FOR_DELIVERY', []),
    )
    expect(states('ON_HOLD', [])).toEqual(states('PENDING', []))
  })

  it.each(['RETURNED', 'LOST', 'CANCELLED'] as const)('is over for one that is %s', (status) =>
    expect(reachedSteps(status, ['IN_TRANSIT'])).toEqual([]),
  )
})
