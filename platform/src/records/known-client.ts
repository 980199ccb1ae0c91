import { parse } from 'graphql'
import { z } from 'zod'
import { EngineUnavailable, InvalidInput, NotAllowed } from '../schema/refusals.ts'
import type { Viewer } from '../schema/viewer.ts'
import type { ReadGraph } from '../subgraph/subgraph.ts'
import { isRecordId } from './loader.ts'

const operation = parse('query KnownClient($id: ID!) { client(id: $id) { id } }')
const answer = z.object({ client: z.object({ id: z.string() }).nullable() })

/**
 * Refuses a client whom the viewer cannot see. A client reads the rows that name them, so a slip must not be kept, and an id of another organisation is
 * answered as one that nobody has. Before the transaction: InvalidInput at `clientId`, NotAllowed for who may read no clients, EngineUnavailable while nobody
 * can say.
 */
export async function requireKnownClient(
  readGraph: ReadGraph,
  { viewer, clientId }: { viewer: Viewer; clientId: string },
): Promise<void> {
  if (!isRecordId('cli', clientId)) throw unknownClient()
  const { data, errors } = await readGraph({ viewer, document: operation, variables: { id: clientId } })
  const error = errors?.[0]
  if (error?.extensions.code === 'FORBIDDEN') throw new NotAllowed()
  if (error?.extensions.code === 'ENGINE_UNAVAILABLE')
    throw new EngineUnavailable(String(error.extensions.engine ?? 'graph'), error)
  if (error) throw error
  if (answer.parse(data).client === null) throw unknownClient()
}

function unknownClient(): InvalidInput {
  return new InvalidInput('There is no such client.', ['clientId'])
}
