import { InMemoryCache, type FieldPolicy } from '@apollo/client/core'
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
      ServiceRequest: { fields: { messages: paged() } },
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
