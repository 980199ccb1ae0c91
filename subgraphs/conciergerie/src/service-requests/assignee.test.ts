import { GraphQLError } from 'graphql'
import { expect, test } from 'vitest'
import { EngineUnavailable, InvalidInput, NotAllowed } from '@passerelle/platform/schema'
import type { ReadGraph } from '@passerelle/platform/subgraph'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { requireAssignable } from './assignee.ts'

/** The federated graph of an organisation with as many members, two to a page. */
function graphOf(count: number): ReadGraph {
  return ({ variables }) => {
    const start = Number(variables?.['after'] ?? 0)
    const ids = Array.from({ length: count }, (_, index) => `usr_${index}`).slice(start, start + 2)
    const pageInfo = { hasNextPage: start + 2 < count, endCursor: String(start + 2) }
    const members = { nodes: ids.map((id) => ({ user: { id } })), pageInfo }
    return Promise.resolve({ data: { viewer: { organization: { members } } } })
  }
}

const refusing =
  (code: string): ReadGraph =>
  () =>
    Promise.resolve({ errors: [new GraphQLError('No.', { extensions: { code } })] })

test('nobody, oneself, and every member of however large a team can be given a request', async () => {
  const viewer = createTestViewer()
  for (const id of [null, viewer.userId])
    await expect(requireAssignable(refusing('FORBIDDEN'), viewer, id)).resolves.toBeUndefined()
  for (const id of ['usr_0', 'usr_4']) await expect(requireAssignable(graphOf(5), viewer, id)).resolves.toBeUndefined()
})

test('who is no member is refused, and so is who may not see whether they are', async () => {
  const viewer = createTestViewer()
  await expect(requireAssignable(graphOf(5), viewer, 'usr_5')).rejects.toThrow(InvalidInput)
  await expect(requireAssignable(refusing('FORBIDDEN'), viewer, 'usr_0')).rejects.toThrow(NotAllowed)
  await expect(requireAssignable(refusing('ENGINE_UNAVAILABLE'), viewer, 'usr_0')).rejects.toThrow(EngineUnavailable)
})
