import type {
  BatchFetchNode,
  EntityBatchAlias,
  FetchNode,
  FlattenNodePathSegment,
  FlattenNode,
  PlanNode,
  RequiresSelection,
} from '@graphql-hive/router-query-planner'
import { parse, type DocumentNode } from 'graphql'
import { toWalk, type Walk } from './places.ts'
import { toRepresent, type Represent } from './representations.ts'
import { renamesOf, toRewrite, type Rewrite } from './rewrites.ts'
import type { Supergraph } from './supergraph.ts'

/**
 * A plan, ready to be run as often as wanted: the planner's nodes with their paths, requirements and operations prepared.
 * What a plan is made from has no conditions left, so no plan has any.
 */
export type Step =
  | { kind: 'sequence'; steps: readonly Step[] }
  | { kind: 'parallel'; steps: readonly Step[] }
  | { kind: 'fetch'; operation: SubgraphOperation; rewrites: readonly Rewrite[]; renames: Renames }
  | { kind: 'entities'; operation: SubgraphOperation; batches: readonly EntityFetch[]; renames: Renames }

export interface SubgraphOperation {
  subgraph: string
  kind: 'query' | 'mutation' | 'subscription'
  text: string
  document: DocumentNode
  operationName: string | undefined
  variables: readonly string[]
}

/** One `_entities` call inside a fetch, and where what it brings belongs. */
export interface EntityFetch {
  alias: string
  variable: string
  walks: readonly Walk[]
  represent: Represent
  inputRewrites: readonly Rewrite[]
  outputRewrites: readonly Rewrite[]
}

export type Renames = ReadonlyMap<string, string>

export interface SubscriptionPlan {
  source: Extract<Step, { kind: 'fetch' }>
  /** What other subgraphs add to every event. */
  perEvent: Step | null
}

export function toStep(node: PlanNode, supergraph: Supergraph): Step {
  switch (node.kind) {
    case 'Sequence':
      return { kind: 'sequence', steps: node.nodes.map((inner) => toStep(inner, supergraph)) }
    case 'Parallel':
      return { kind: 'parallel', steps: node.nodes.map((inner) => toStep(inner, supergraph)) }
    case 'Fetch':
      return toFetch(node, supergraph)
    case 'Flatten':
      return flattened(node, supergraph)
    case 'BatchFetch':
      return batched(node, supergraph)
    default:
      throw new Error(`The planner made a ${node.kind} node where none can be run.`)
  }
}

/** A subscription's plan: its source, and then the rest for every event. */
export function toSubscription(node: PlanNode, supergraph: Supergraph): SubscriptionPlan {
  const [first, ...rest] = node.kind === 'Sequence' ? node.nodes : [node]
  if (first?.kind !== 'Subscription') throw new Error('The plan of a subscription does not begin with one.')
  const steps = rest.map((inner) => toStep(inner, supergraph))
  return { source: toFetch(first.primary, supergraph), perEvent: steps.length > 0 ? { kind: 'sequence', steps } : null }
}

function toFetch(node: FetchNode, { isA }: Supergraph): Extract<Step, { kind: 'fetch' }> {
  const rewrites = (node.outputRewrites ?? []).map((rewrite) => toRewrite(rewrite, isA))
  return { kind: 'fetch', operation: operationOf(node), rewrites, renames: new Map(renamesOf(node.outputRewrites)) }
}

interface EntityNode {
  requires?: RequiresSelection[] | undefined
  inputRewrites?: EntityBatchAlias['inputRewrites'] | undefined
  outputRewrites?: EntityBatchAlias['outputRewrites'] | undefined
}

function flattened(node: FlattenNode, supergraph: Supergraph): Step {
  const fetch = node.node
  if (fetch.kind !== 'Fetch') throw new Error(`The planner flattened a ${fetch.kind} node, which cannot be run.`)
  const batch = { alias: '_entities', variable: 'representations', ...entityFetch(fetch, [node.path], supergraph) }
  return {
    kind: 'entities',
    operation: operationOf(fetch),
    batches: [batch],
    renames: new Map(renamesOf(fetch.outputRewrites)),
  }
}

function batched(node: BatchFetchNode, supergraph: Supergraph): Step {
  const { aliases } = node.entityBatch
  const batches = aliases.map((part) => {
    return {
      alias: part.alias,
      variable: part.representationsVariableName,
      ...entityFetch(part, part.paths, supergraph),
    }
  })
  const renames = new Map(aliases.flatMap((part) => renamesOf(part.outputRewrites)))
  return { kind: 'entities', operation: operationOf(node), batches, renames }
}

function entityFetch(
  node: EntityNode,
  paths: readonly FlattenNodePathSegment[][],
  { isA }: Supergraph,
): Omit<EntityFetch, 'alias' | 'variable'> {
  return {
    walks: paths.map((path) => toWalk(path, isA)),
    represent: toRepresent(node.requires ?? [], isA),
    inputRewrites: (node.inputRewrites ?? []).map((rewrite) => toRewrite(rewrite, isA)),
    outputRewrites: (node.outputRewrites ?? []).map((rewrite) => toRewrite(rewrite, isA)),
  }
}

function operationOf(node: FetchNode | BatchFetchNode): SubgraphOperation {
  return {
    subgraph: node.serviceName,
    kind: node.operationKind ?? 'query',
    text: node.operation,
    document: parse(node.operation, { noLocation: true }),
    operationName: node.operationName,
    variables: node.variableUsages ?? [],
  }
}
