import { expect } from 'vitest'
import type { Viewer } from '@passerelle/platform/schema'
import type { TestSubgraph } from '@passerelle/platform/subgraph/testing'

/** A request or a message, or why there is none. */
export interface RequestAnswer {
  __typename: string
  id: string
  title?: string
  status?: string
  description?: string | null
  scheduledFor?: string | null
  channel?: string
  property?: { id: string } | null
  client?: { id: string } | null
  path?: string[] | null
  limit?: number
  used?: number
  resetsAt?: string | null
}

interface Told {
  status: string
  updatedAt: string
  messages: { totalCount: number; nodes: { id: string; author: string; text: string }[] }
  events: { totalCount: number; nodes: { status: string; author: string }[] }
}

const shown = `id title kind description urgency status scheduledFor channel property { id } client { id }`
const told = `__typename ... on ServiceRequest { ${shown} } ... on InvalidInput { path }`
const measured = '... on QuotaExceeded { limit used resetsAt }'

/** What tests of requests begin with. */
export function createRequestKit(town: TestSubgraph) {
  async function write(viewer: Viewer | null, text: string, variables: object): Promise<RequestAnswer> {
    const { data, errors } = await town.client.ask<{ answer: RequestAnswer }>(viewer, text, { ...variables })
    expect(errors).toEqual([])
    return data.answer
  }
  const record = async (viewer: Viewer, noun: 'Client' | 'Property', input: object): Promise<string> => {
    const text = `mutation ($input: Create${noun}Input!) { answer: create${noun}(input: $input) { ... on ${noun} { id } } }`
    return (await write(viewer, text, { input })).id
  }
  const thread = `id status updatedAt messages { totalCount nodes { id author text } } events { totalCount nodes { status author } }`
  return {
    client: (viewer: Viewer, name: string) => record(viewer, 'Client', { name }),
    property: (viewer: Viewer, input: { name: string; ownerId?: string }) => record(viewer, 'Property', input),
    ask: (viewer: Viewer | null, input: object) =>
      write(
        viewer,
        `mutation ($input: CreateServiceRequestInput!) { answer: createServiceRequest(input: $input) { ${told} ${measured} } }`,
        { input: { kind: 'CLEANING', title: 'Ménage', ...input } },
      ),
    update: (viewer: Viewer, input: object) =>
      write(
        viewer,
        `mutation ($input: UpdateServiceRequestInput!) { answer: updateServiceRequest(input: $input) { ${told} } }`,
        { input },
      ),
    move: (viewer: Viewer, id: string, status: string, scheduledFor?: string) =>
      write(
        viewer,
        `mutation ($input: ChangeServiceRequestStatusInput!) { answer: changeServiceRequestStatus(input: $input) { ${told} } }`,
        { input: { id, status, scheduledFor } },
      ),
    cancel: (viewer: Viewer, id: string) =>
      write(viewer, `mutation ($id: ID!) { answer: cancelServiceRequest(id: $id) { ${told} } }`, { id }),
    say: (viewer: Viewer, id: string, text: string, more: object = {}) =>
      write(
        viewer,
        `mutation ($input: AddServiceRequestMessageInput!) { answer: addServiceRequestMessage(input: $input) {
          __typename ... on ServiceRequestMessage { id } ... on InvalidInput { path } ${measured} } }`,
        { input: { serviceRequestId: id, text, ...more } },
      ),
    async read(viewer: Viewer, id: string): Promise<Told | null> {
      const text = `query ($id: ID!) { serviceRequest(id: $id) { ${thread} } }`
      return (await town.client.data<{ serviceRequest: Told | null }>(viewer, text, { id })).serviceRequest
    },
    async titles(viewer: Viewer, args: object = {}): Promise<(string | undefined)[]> {
      const text = `query ($statuses: [ServiceRequestStatus!], $kinds: [ServiceRequestKind!], $clientId: ID, $propertyId: ID, $assigneeId: ID, $search: String) {
        serviceRequests(statuses: $statuses, kinds: $kinds, clientId: $clientId, propertyId: $propertyId, assigneeId: $assigneeId, search: $search) { nodes { title } } }`
      type List = { serviceRequests: { nodes: RequestAnswer[] } }
      return (await town.client.data<List>(viewer, text, { ...args })).serviceRequests.nodes.map(({ title }) => title)
    },
    /** What the client behind the link sees of their own. */
    async own(viewer: Viewer, clientId: string): Promise<{ data: Record<string, unknown> }> {
      const text = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Client { serviceRequests { totalCount nodes { title status } } } } }`
      return town.client.ask(viewer, text, { of: [{ __typename: 'Client', id: clientId }] })
    },
  }
}
