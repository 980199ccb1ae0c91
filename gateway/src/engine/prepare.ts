import type { PlanNode, QueryPlanner } from '@graphql-hive/router-query-planner'
import { getOperationAST, print, separateOperations, type DocumentNode, type OperationDefinitionNode } from 'graphql'
import { clientKeysOf, toPlanDocument } from './aliases.ts'
import { conditionVariables, decided } from './conditions.ts'
import { asksSubgraphs, hasIntrospection, onlyIntrospection, withoutIntrospection } from './introspection.ts'
import { toStep, toSubscription, type Step, type SubscriptionPlan } from './plan.ts'
import { shapeOf, type ObjectShape } from './shape.ts'
import type { Supergraph } from './supergraph.ts'

/** An operation, ready to be executed as often as it is asked. */
export interface Prepared {
  operation: OperationDefinitionNode
  /** Its plan under these variables. Rejects when the operation cannot be planned. */
  variantFor(variables: Record<string, unknown>): Promise<Variant>
}

/** An operation with its conditions decided. */
export interface Variant {
  /** What subgraphs contribute; null when they have no part in the answer. */
  step: Step | null
  subscription: SubscriptionPlan | null
  /** What the API schema answers about itself. */
  introspection: DocumentNode | null
  shape: ObjectShape
  /** The client's names of the keys that the plan uses; what the client did not ask is not among them. */
  clientKeys: ReadonlyMap<string, string>
}

/** As many outcomes as the conditions of one operation really have; more are planned again when they come up again. */
const MOST_VARIANTS = 64

/**
 * Prepares operations, and keeps each as long as its parsed document is kept: whoever parses owns the bounded cache. Null when the
 * document has no such operation.
 */
export function createPreparation(supergraph: Supergraph, planner: QueryPlanner) {
  const known = new WeakMap<DocumentNode, Map<string, Prepared>>()
  return (document: DocumentNode, operationName: string | undefined): Prepared | null => {
    const operation = getOperationAST(document, operationName)
    if (!operation) return null
    let operations = known.get(document)
    if (!operations) known.set(document, (operations = new Map()))
    const name = operation.name?.value ?? ''
    let prepared = operations.get(name)
    if (!prepared) {
      const planned = (asked: DocumentNode) => toVariant({ supergraph, planner }, asked)
      operations.set(name, (prepared = { operation, variantFor: createVariants(only(document, name), planned) }))
    }
    return prepared
  }
}

/** The operation of this name with the fragments it uses: the planner reads nothing else. */
function only(document: DocumentNode, name: string): DocumentNode {
  return separateOperations(document)[name] ?? document
}

function createVariants(
  document: DocumentNode,
  toVariantOf: (decidedDocument: DocumentNode) => Promise<Variant>,
): Prepared['variantFor'] {
  const deciding = conditionVariables(document)
  const variants = new Map<string, Promise<Variant>>()
  return (variables) => {
    const outcome = deciding.map((name) => (variables[name] === true ? '1' : '0')).join('')
    let variant = variants.get(outcome)
    if (!variant) {
      if (variants.size >= MOST_VARIANTS) variants.clear()
      variant = toVariantOf(decided(document, variables))
      variants.set(outcome, variant)
      variant.catch(() => variants.delete(outcome))
    }
    return variant
  }
}

async function toVariant(
  { supergraph, planner }: { supergraph: Supergraph; planner: QueryPlanner },
  document: DocumentNode,
): Promise<Variant> {
  const operation = getOperationAST(document)
  if (!operation) throw new Error('A document with one operation is expected here.')
  const { apiSchema: schema, fieldNames } = supergraph
  const asksSchema = hasIntrospection(document)
  const base = {
    introspection: asksSchema ? onlyIntrospection(document) : null,
    shape: shapeOf({ schema, document, operation, fieldNames }),
    clientKeys: clientKeysOf(document, fieldNames),
  }
  if (!asksSubgraphs(document, operation)) return { ...base, step: null, subscription: null }
  const node = await plan(planner, toPlanDocument(asksSchema ? withoutIntrospection(document) : document, supergraph))
  if (operation.operation === 'subscription')
    return { ...base, step: null, subscription: toSubscription(node, supergraph) }
  return { ...base, step: toStep(node, supergraph), subscription: null }
}

async function plan(planner: QueryPlanner, document: DocumentNode): Promise<PlanNode> {
  const { node } = await planner.planAsync(print(document), null, new Set(), 0)
  if (!node) throw new Error('The planner found nothing to do for an operation that asks subgraphs.')
  return node
}
