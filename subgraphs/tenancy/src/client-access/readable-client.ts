import { parse } from 'graphql'
import { z } from 'zod'
import { isRecordId } from '@passerelle/platform/records'
import { EngineUnavailable, NotAllowed, NotFound, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'

/** A client as whoever lets them in sees them. */
export interface ReadableClient {
  id: string
  name: string
  email: string | null
}

const operation = parse('query LetInClient($id: ID!) { client(id: $id) { id name email } }')
const answer = z.object({
  client: z.object({ id: z.string(), name: z.string(), email: z.string().nullable() }).nullable(),
})

/**
 * The client, read as the viewer who lets them in: they are there, in the viewer's organisation, and the viewer sees all that they will. Asked before a
 * transaction. NotFound, NotAllowed for who may read no clients or no documents, EngineUnavailable while nobody can say.
 */
export async function requireReadableClient(
  { readGraph }: Pick<Platform, 'readGraph'>,
  viewer: Viewer,
  id: string,
): Promise<ReadableClient> {
  // A client sees the documents that are shared with them: nobody lets in to more than they may see.
  if (!viewer.scopes.includes('document:read')) throw new NotAllowed()
  if (!isRecordId('cli', id)) throw new NotFound()
  const { data, errors } = await readGraph({ viewer, document: operation, variables: { id } })
  const error = errors?.[0]
  if (error?.extensions.code === 'FORBIDDEN') throw new NotAllowed()
  if (error?.extensions.code === 'ENGINE_UNAVAILABLE')
    throw new EngineUnavailable(String(error.extensions.engine ?? 'graph'), error)
  if (error) throw error
  const { client } = answer.parse(data)
  if (!client) throw new NotFound()
  return client
}
