import { parse } from 'graphql'
import { z } from 'zod'
import { EngineUnavailable, InvalidInput, NotAllowed, type Viewer } from '@passerelle/platform/schema'
import type { ReadGraph } from '@passerelle/platform/subgraph'

const operation = parse(`query AssignableMembers($after: String) {
  viewer { organization { members(first: 100, after: $after) { nodes { user { id } } pageInfo { hasNextPage endCursor } } } } }`)
const answer = z.object({
  viewer: z.object({
    organization: z.object({
      members: z.object({
        nodes: z.array(z.object({ user: z.object({ id: z.string() }) })),
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
      }),
    }),
  }),
})

/**
 * Refuses as assignee whoever is no member that the one who asks can see; oneself is always one. InvalidInput, NotAllowed for who may see no members,
 * EngineUnavailable while tenancy does not answer.
 */
export async function requireAssignable(readGraph: ReadGraph, viewer: Viewer, userId: string | null): Promise<void> {
  if (userId === null || userId === viewer.userId) return
  for (let after: string | null = null; ;) {
    const members = await readMembers(readGraph, viewer, after)
    if (members.nodes.some(({ user }) => user.id === userId)) return
    after = members.pageInfo.endCursor
    if (!members.pageInfo.hasNextPage) throw new InvalidInput('There is no such member.', ['assigneeId'])
  }
}

async function readMembers(
  readGraph: ReadGraph,
  viewer: Viewer,
  after: string | null,
): Promise<z.output<typeof answer>['viewer']['organization']['members']> {
  const { data, errors } = await readGraph({ viewer, document: operation, variables: { after } })
  const error = errors?.[0]
  if (error?.extensions['code'] === 'FORBIDDEN') throw new NotAllowed()
  if (error?.extensions['code'] === 'ENGINE_UNAVAILABLE')
    throw new EngineUnavailable(String(error.extensions['engine'] ?? 'graph'), error)
  if (error) throw error
  return answer.parse(data).viewer.organization.members
}
