/**
 * What the house tells of itself while it works: figures that Prometheus reads at `/metrics` of every process, and traces for a collector when
 * there is one. Both carry names and numbers only: no organisation, no person, no text.
 */
export {
  gaugeOf,
  httpSeconds,
  jobSeconds,
  liveConnections,
  modelSeconds,
  modelTokens,
  modelWaitSeconds,
  namedOperationSeconds,
  operationCost,
  operationSeconds,
  refusedOperations,
  renderMetrics,
  resolverSeconds,
  stageSeconds,
  subgraphSeconds,
  type Outcome,
} from './metrics.ts'
export { observed } from './observed.ts'
export { currentOrigin, underOrigin, type Origin } from './carried.ts'
export { currentRequestId, underCaller, underRequest } from './origin.ts'
export { startTracing, traceHeaders, traced, underTrace } from './tracing.ts'
