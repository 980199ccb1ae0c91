import { NotAllowed } from '@passerelle/platform/schema'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { afterEach, expect, test, vi } from 'vitest'
import { requireOperator } from './operator.policy.ts'

afterEach(() => vi.unstubAllEnvs())

test('what all organisations share is looked after by those that the operator names, and by everybody’s administrators when none is named', () => {
  const [house, other] = [createTestViewer(), createTestViewer()]
  expect(requireOperator({ viewer: other })).toMatchObject({ organizationId: other.organizationId })
  vi.stubEnv('PASSERELLE_OPERATORS', `${house.organizationId}, org_another`)
  expect(requireOperator({ viewer: house })).toMatchObject({ organizationId: house.organizationId })
  expect(() => requireOperator({ viewer: other })).toThrow(NotAllowed)
})

test('a program does not change what all organisations share, whatever scopes it holds', () => {
  const key = { ...createTestViewer(), userId: null, sessionId: null, keyId: 'key_1' }
  expect(() => requireOperator({ viewer: key })).toThrow(NotAllowed)
})
