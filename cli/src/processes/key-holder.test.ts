import type { Executor } from '@passerelle/gateway'
import { EngineUnavailable } from '@passerelle/platform/schema'
import { GraphQLError } from 'graphql'
import { expect, test } from 'vitest'
import { createFindKeyHolder } from './key-holder.ts'

const key = { id: 'key_1', hash: 'hash', caller: '203.0.113.9' }
const holder = {
  organizationId: 'org_1',
  kind: 'PARTNER',
  scopes: ['record:read'],
  networks: [],
  validUntil: '2027-11-20T09:00:00.000Z',
}

test('tenancy is asked as nobody, with the address that the key came from', async () => {
  const asked: unknown[] = []
  const tenancy: Executor = ({ viewer, variables, caller }) => {
    asked.push({ viewer, variables, caller })
    return { data: { apiKeyHolder: holder } }
  }
  expect(await createFindKeyHolder(tenancy)(key)).toEqual({ ...holder, validUntil: new Date(holder.validUntil) })
  expect(asked).toEqual([{ viewer: null, variables: { id: 'key_1', hash: 'hash' }, caller: '203.0.113.9' }])
})

test('a key that nobody holds is nobody’s', async () => {
  expect(await createFindKeyHolder(() => ({ data: { apiKeyHolder: null } }))(key)).toBeNull()
})

test.each<[string, Executor]>([
  ['fails', () => ({ data: { apiKeyHolder: null }, errors: [new GraphQLError('The sql engine does not answer.')] })],
  ['does not know the field', () => ({ errors: [new GraphQLError('Cannot query field.')] })],
  ['cannot be reached', () => Promise.reject(new Error('ECONNREFUSED'))],
  ['answers something else', () => ({ data: { apiKeyHolder: { ...holder, kind: 'KING' } } })],
])('while tenancy %s nobody knows whose a key is: it is not taken for a wrong one', async (_how, tenancy) => {
  await expect(createFindKeyHolder(tenancy)(key)).rejects.toThrow(EngineUnavailable)
})
