import type { DocumentNode, ExecutionResult } from 'graphql'
import type { Viewer } from '@passerelle/platform/schema'

/** One operation for one subgraph, as the plan wrote it. */
export interface SubgraphRequest {
  subgraph: string
  kind: 'query' | 'mutation' | 'subscription'
  /** The operation's text, for a subgraph that is reached over a wire. */
  query: string
  /** The same operation, parsed once per plan: an in-process subgraph never parses. */
  document: DocumentNode
  operationName: string | undefined
  variables: Record<string, unknown>
  viewer: Viewer | null
  requestId: string
  /** The network address of whoever asks, where it is known. */
  caller?: string | undefined
  signal: AbortSignal
}

export type SubgraphAnswer = ExecutionResult | AsyncIterable<ExecutionResult>

/**
 * Carries a request to a subgraph: a function call, or a wire. It may throw; the engine turns what is thrown into an error of the
 * fields that were asked for.
 */
export type Executor = (request: SubgraphRequest) => SubgraphAnswer | Promise<SubgraphAnswer>
