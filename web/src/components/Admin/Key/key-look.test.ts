import { expect, it } from 'vitest'
import { keyLook } from './key-look'

const now = Date.parse('2026-11-20T12:00:00Z')

it('warns of an end that is less than thirty days away, and of nothing that is over anyway', () => {
  const on = (state: 'ACTIVE' | 'REVOKED', expiresAt: string) => keyLook({ state, expiresAt }, now)
  expect(on('ACTIVE', '2027-11-20T12:00:00Z')).toBe('ACTIVE')
  expect(on('ACTIVE', '2026-12-19T12:00:00Z')).toBe('ENDS_SOON')
  expect(on('REVOKED', '2026-12-19T12:00:00Z')).toBe('REVOKED')
})
