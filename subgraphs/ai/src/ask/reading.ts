import { EngineUnavailable, NotAllowed } from '@passerelle/platform/schema'
import type { ReadGraph } from '@passerelle/platform/subgraph'

/** Reads the graph; what it refuses comes as the refusal that the asker can be told. */
export async function read(readGraph: ReadGraph, request: Parameters<ReadGraph>[0]): Promise<unknown> {
  const { data, errors } = await readGraph(request)
  const error = errors?.[0]
  if (!error) return data
  if (error.extensions.code === 'ENGINE_UNAVAILABLE')
    throw new EngineUnavailable(String(error.extensions.engine ?? 'graph'), error)
  if (error.extensions.code === 'FORBIDDEN') throw new NotAllowed()
  throw error
}
