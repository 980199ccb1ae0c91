import { InMemoryCache, type FieldPolicy, type Reference } from '@apollo/client/core'
import { possibleTypes } from './possible-types'

interface Connection {
  nodes?: readonly unknown[]
  pageInfo?: unknown
  totalCount?: unknown
}

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
      const idOf = (node: unknown) => readField('id', node as Reference)
      const last = idOf(read.at(-1))
      const seam = known.findIndex((node) => idOf(node) === last)
      return seam < 0
        ? incoming
        : { ...existing, ...incoming, nodes: [...read, ...known.slice(seam + 1)], pageInfo: existing?.pageInfo }
    },
  }
}

/** The normalised cache, with what it cannot guess about our schema. */
export function createCache(): InMemoryCache {
  return new InMemoryCache({
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
      Entity: { fields: { mentions: paged(), documents: paged() } },
      Document: {
        fields: {
          entities: paged('types'),
          sharedWith: paged(),
          status: { merge: true },
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
