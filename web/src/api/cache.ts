import { InMemoryCache, type Cache, type FieldPolicy, type Reference, type StoreObject } from '@apollo/client/core'
import { possibleTypes } from './possible-types'

interface Connection {
  nodes?: readonly unknown[]
  pageInfo?: unknown
  totalCount?: unknown
}

const isConnection = (value: unknown): boolean => typeof value === 'object' && value !== null && 'nodes' in value

/** One list per set of filters and size of page; a next page (asked with `after`) is added to it, a first page replaces it. */
function paged(...filters: string[]): FieldPolicy<Connection> {
  return {
    keyArgs: ['first', ...filters],
    merge(existing, incoming, { args }) {
      if (!args?.['after']) return incoming
      return { ...incoming, nodes: [...(existing?.nodes ?? []), ...(incoming.nodes ?? [])] }
    },
  }
}

/**
 * A list of which the newest come first and none go. Its first page, asked for again, goes before what was read of it already: whoever reads what was
 * said earlier does not lose it to what is said now.
 */
function growing(): FieldPolicy<Connection> {
  return {
    keyArgs: ['first'],
    merge(existing, incoming, { args, readField }) {
      const [known, read] = [existing?.nodes ?? [], incoming.nodes ?? []]
      if (args?.['after']) return { ...incoming, nodes: [...known, ...read] }
      const idOf = (node: unknown) => node && readField('id', node as Reference)
      const last = idOf(read.at(-1))
      const seam = known.findIndex((node) => idOf(node) === last)
      return seam < 0
        ? incoming
        : { ...existing, ...incoming, nodes: [...read, ...known.slice(seam + 1)], pageInfo: existing?.pageInfo }
    },
  }
}

/** Where a document stands: what was said of it last, in whatever order it was heard. */
const furthest: FieldPolicy<StoreObject> = {
  merge(existing, incoming, { mergeObjects }) {
    if (!existing) return incoming
    const [known, told] = [existing['cursor'], incoming['cursor']]
    const isLate = typeof known === 'string' && typeof told === 'string' && BigInt(told) < BigInt(known)
    return isLate ? mergeObjects(incoming, existing) : mergeObjects(existing, incoming)
  },
}

/** Whose `updatedAt` is later with every change. */
const dated = new Set(['Approval', 'Booking', 'HandOver', 'ServiceRequest', 'Shipment'])

/**
 * A cache in which what is known of something never goes back: an answer that was on its way while something newer was told adds what was not known
 * yet, and changes nothing else.
 */
class ForwardCache extends InMemoryCache {
  override write(options: Cache.WriteOptions): Reference | undefined {
    const kept = this.newerThan(options.result).map((id) => ({ id, fields: this.fieldsOf(id) }))
    if (kept.length === 0) return super.write(options)
    return this.batch({
      update: () => {
        const written = super.write(options)
        for (const { id, fields } of kept)
          this.modify({ id, fields: (value, { storeFieldName }) => fields.get(storeFieldName) ?? value })
        return written
      },
    })
  }

  /** The things in an answer of which something newer is known. */
  private newerThan(answer: unknown): string[] {
    if (typeof answer !== 'object' || answer === null) return []
    const { __typename: type, updatedAt } = answer as { __typename?: string; updatedAt?: unknown }
    const inside = Object.values(answer).flatMap((value) => this.newerThan(value))
    const id =
      type !== undefined && dated.has(type) && typeof updatedAt === 'string' && this.identify(answer as StoreObject)
    return id && String(this.fieldsOf(id).get('updatedAt') ?? '') > updatedAt ? [...inside, id] : inside
  }

  /** What is known of something, by the names it is kept under; not its lists, which grow by rules of their own. */
  private fieldsOf(id: string): Map<string, unknown> {
    const fields = new Map<string, unknown>()
    this.modify({
      id,
      broadcast: false,
      fields(value: unknown, { storeFieldName }) {
        if (!isConnection(value)) fields.set(storeFieldName, value)
        return value
      },
    })
    return fields
  }
}

/** The normalised cache, with what it cannot guess about our schema. */
export function createCache(): InMemoryCache {
  return new ForwardCache({
    possibleTypes,
    typePolicies: {
      Query: {
        fields: {
          documents: paged('search', 'stages', 'orderBy', 'collectionIds', 'entityIds'),
          collections: paged('search'),
          search: paged('query', 'mode', 'filter'),
          entities: paged('search', 'types'),
          conversations: paged(),
          handOvers: paged('filter', 'orderBy'),
          approvals: paged('filter', 'orderBy'),
          auditEntries: paged('filter'),
          notifications: paged('view', 'language'),
          apiKeys: paged('states'),
          privacyRequests: paged(),
          webhooks: paged('kinds'),
          workflowEndpoints: paged(),
          workflowRuns: paged('endpointId', 'states'),
          jobs: paged('filter'),
          shipments: paged('search', 'statuses'),
          clients: paged('search'),
          properties: paged('search'),
          serviceRequests: paged('search', 'statuses', 'kinds', 'clientId', 'propertyId', 'assigneeId'),
          clientLinks: paged('clientId'),
          clientAccounts: paged('clientId'),
          bookings: paged('propertyId', 'clientId', 'from', 'to', 'statuses', 'search', 'orderBy'),
          document: {
            read: (found, { args, toReference }) => found ?? toReference({ __typename: 'Document', id: args?.['id'] }),
          },
        },
      },
      Client: {
        fields: {
          bookings: paged('from', 'to', 'statuses', 'orderBy'),
          properties: paged(),
          serviceRequests: paged('statuses'),
          sharedDocuments: paged(),
          shipments: paged(),
        },
      },
      ServiceRequest: { fields: { messages: growing() } },
      Property: { fields: { bookings: paged('from', 'to', 'statuses', 'orderBy') } },
      Organization: { fields: { members: paged(), mails: paged(), invitations: paged() } },
      Conversation: { fields: { answers: paged() } },
      Webhook: { fields: { deliveries: paged('states') } },
      NotificationPreference: { keyFields: ['kind'] },
      FactType: { keyFields: ['type'] },
      Entity: { fields: { mentions: paged('documentIds'), documents: paged(), timeline: paged('since', 'until') } },
      Document: {
        fields: {
          entities: paged('types'),
          sharedWith: paged(),
          status: furthest,
          page: { keyArgs: ['number'] },
        },
      },
      ApprovalKind: { keyFields: ['kind'] },
      JobModelTotals: { keyFields: false },
      ModelPrice: { keyFields: ['model'] },
      Place: { keyFields: ['organizationId'] },
      RolePolicy: { keyFields: ['role'] },
      Permission: { keyFields: ['scope'] },
      ModelProvider: { keyFields: ['name'] },
      ModelRoute: { keyFields: ['task'] },
      // These carry no identity of their own: a neighbour's copy must not be mixed into them.
      Viewer: { merge: true },
      Page: { keyFields: false },
      Mention: { keyFields: false },
    },
  })
}
