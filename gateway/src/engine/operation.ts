import type { DocumentNode } from 'graphql'
import type { Viewer } from '@passerelle/platform/schema'

/** An operation for the whole graph. The document is parsed and validated against `apiSchema`; keep it to keep its plan. */
export interface Operation {
  document: DocumentNode
  operationName?: string | null | undefined
  variables?: Record<string, unknown> | null | undefined
  viewer: Viewer | null
  requestId: string
  /** The network address of whoever asks, where it is known. */
  caller?: string | undefined
  /** Its reason is thrown when it aborts; what subgraphs still do for the operation is told by the same signal. */
  signal: AbortSignal
}
