import { GraphQLError, Kind, getOperationAST, type DocumentNode, type OperationTypeNode } from 'graphql'
import { contractOf, type Viewer } from '@passerelle/platform/schema'
import { hasIntrospection } from '../engine/introspection.ts'
import { seenBy, type Graph } from '../graph.ts'
import { badRequest, type Asked } from './asked.ts'
import { createKnownTexts, hashOf, type KnownTexts } from './known-texts.ts'
import { limits } from './limits.ts'
import { mayAskFreely, mayIntrospect, type AccessPolicy } from './policy.ts'
import type { QuotaRules } from './quota.ts'
import type { Cost, Rates, Who } from './rates.ts'
import { tooLarge } from './too-large.ts'

/** Points of an operation that was refused: to find that out took work, too. */
const REFUSED = 10

/** An operation that may run. */
export interface Admitted {
  text: string
  document: DocumentNode
  kind: OperationTypeNode
  operationName: string | undefined
  variables: Record<string, unknown> | undefined
  cost: Cost
}

/** Why an operation may not run. */
export class Refused extends Error {
  readonly errors: readonly GraphQLError[]
  constructor(errors: readonly GraphQLError[]) {
    super(errors[0]?.message)
    this.errors = errors
  }
}

export interface AdmissionOptions {
  graph: Graph
  policy: AccessPolicy
  texts: KnownTexts
  rates: Rates
  quota: QuotaRules | undefined
}

/**
 * Decides whether an operation may run, for every door; throws Refused when it may not. What runs has been paid for, and so has what is refused, also
 * when it cannot be read: then it throws what `read` throws. Whoever has nothing left is not read at all.
 */
export type Admit = (read: () => Asked | Promise<Asked>, who: Who) => Promise<Admitted>

export function createAdmit(options: AdmissionOptions): Admit {
  const { graph, policy, texts, rates, quota } = options
  const introspects = new WeakMap<DocumentNode, boolean>()
  // What others have had kept names what is not there for partners. A client asks the documents of the application, as every browser's session does.
  const textsOfPartners = createKnownTexts(new Map())
  const textsFor = (viewer: Viewer | null): KnownTexts => (contractOf(viewer) === 'partner' ? textsOfPartners : texts)
  const asksSchema = (document: DocumentNode): boolean => {
    const known = introspects.get(document)
    if (known !== undefined) return known
    const found = hasIntrospection(document)
    introspects.set(document, found)
    return found
  }

  const decide = (asked: Asked, { viewer }: Who): Omit<Admitted, 'cost'> & { points: number } => {
    const { operationName, variables } = asked
    const text = toText(asked, textsFor(viewer), mayAskFreely(policy, viewer))
    const view = seenBy(graph, viewer)
    const document = view.documents.fromText(text)
    if (!('kind' in document)) throw new Refused(document)
    if (asksSchema(document) && !mayIntrospect(policy, viewer)) throw new Refused([introspectionOff()])
    const kind = getOperationAST(document, operationName)?.operation
    if (!kind) throw unknownOperation()
    const { faults, cost } = view.limits.check({ document, operationName, variables })
    if (faults.length > 0) throw new Refused(faults)
    return { text, document, kind, operationName, variables, points: cost }
  }

  return async (read, who) => {
    try {
      rates.check(who)
      const { asked, points, ...operation } = await orCharged(
        async () => {
          const asked = await read()
          return { asked, ...decide(asked, who) }
        },
        () => rates.take(who, REFUSED),
      )
      const cost = await rates.take(who, points)
      // What clients ask is not the organisation's: whoever holds a link could use up its month.
      if (quota && who.viewer?.clientId === null)
        await quota.quota.take(who.viewer.organizationId, isSpared(operation, quota.spares))
      if (asked.query && asked.documentId) textsFor(who.viewer).keep(asked.documentId, asked.query)
      return { ...operation, cost }
    } catch (error) {
      throw error instanceof GraphQLError ? new Refused([error]) : error
    }
  }
}

/** Whether an operation asks for nothing but what is never refused. What is behind a fragment at the root is not looked for. */
function isSpared(
  { document, operationName }: Pick<Admitted, 'document' | 'operationName'>,
  spares: ReadonlySet<string>,
): boolean {
  const selections = getOperationAST(document, operationName)?.selectionSet.selections ?? []
  return selections.every((selection) => selection.kind === Kind.FIELD && spares.has(selection.name.value))
}

/** What is refused says what that cost. What cannot be read is told to be just that, also by the last request that there are points for. */
async function orCharged<Value>(work: () => Promise<Value>, charge: () => Promise<Cost>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    const errors = error instanceof Refused ? error.errors : error instanceof GraphQLError ? [error] : null
    if (errors) throw new Refused(withCost(errors, await charge()))
    await charge().catch(() => undefined)
    throw error
  }
}

function withCost([first, ...others]: readonly GraphQLError[], cost: Cost): GraphQLError[] {
  if (!first) return others
  const { message, nodes, source, positions, path } = first
  const extensions = { ...first.extensions, cost }
  return [new GraphQLError(message, { nodes, source, positions, path, extensions }), ...others]
}

/** The text that is asked for. A document that comes with a name must be the one that the name stands for. */
function toText({ query, documentId }: Asked, texts: KnownTexts, isFree: boolean): string {
  if (query && query.length > limits.text) throw tooLarge({ what: 'text', limit: limits.text })
  if (query && documentId && !texts.isNameOf(documentId, query))
    throw badRequest('This is not the hash of the query that came with it.')
  const known = documentId ? texts.trusted(documentId) : query && !isFree ? texts.trusted(hashOf(query)) : undefined
  if (known) return known
  if (!isFree) throw notTrusted()
  const text = query ?? texts.find(documentId ?? '')
  if (!text) throw new GraphQLError('PersistedQueryNotFound', { extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } })
  return text
}

function notTrusted(): GraphQLError {
  return new GraphQLError(
    'With a session, or without a token, only the documents of the web application are answered. Ask with an API key.',
    { extensions: { code: 'DOCUMENT_NOT_TRUSTED' } },
  )
}

function unknownOperation(): GraphQLError {
  return new GraphQLError(
    'The document has several operations, or none of this name: say which one by operationName.',
    { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } },
  )
}

function introspectionOff(): GraphQLError {
  return new GraphQLError('The schema is not told to this caller.', { extensions: { code: 'INTROSPECTION_OFF' } })
}
