import { gql } from '@apollo/client/core'
import { describe, expect, it } from 'vitest'
import { createCache } from './cache'

const query = gql`
  query Clients($first: Int, $after: String, $search: String) {
    clients(first: $first, after: $after, search: $search) {
      totalCount
      nodes {
        id
        name
      }
    }
  }
`
const page = (...ids: string[]) => ({
  clients: {
    __typename: 'ClientsConnection',
    totalCount: 3,
    nodes: ids.map((id) => ({ __typename: 'Client', id, name: id })),
  },
})

function opened() {
  const cache = createCache()
  const write = (variables: object, data: object) => cache.writeQuery({ query, variables, data })
  const ids = (variables: object) =>
    cache.readQuery<{ clients: { nodes: { id: string }[] } }>({ query, variables })?.clients.nodes.map(({ id }) => id)
  return { write, ids }
}

it('a next page is added to the list, and a first page begins it anew', () => {
  const { write, ids } = opened()
  write({ first: 2 }, page('a', 'b'))
  write({ first: 2, after: 'b' }, page('c'))
  expect(ids({ first: 2 })).toEqual(['a', 'b', 'c'])
  write({ first: 2 }, page('z', 'a'))
  expect(ids({ first: 2 })).toEqual(['z', 'a'])
})

it('lists with other filters or sizes are other lists', () => {
  const { write, ids } = opened()
  write({ first: 2 }, page('a', 'b'))
  write({ first: 2, search: 'c' }, page('c'))
  write({ first: 1 }, page('a'))
  expect(ids({ first: 2 })).toEqual(['a', 'b'])
})

it('what was said earlier stays when what is said now is read before it', () => {
  const conversation = gql`
    query Messages($first: Int, $after: String) {
      serviceRequest(id: "req_1") {
        id
        messages(first: $first, after: $after) {
          pageInfo {
            endCursor
          }
          nodes {
            id
          }
        }
      }
    }
  `
  const cache = createCache()
  const write = (after: string | undefined, ...ids: string[]) => {
    const nodes = ids.map((id) => ({ __typename: 'ServiceRequestMessage', id }))
    const messages = { __typename: 'Messages', pageInfo: { endCursor: ids.at(-1) ?? null }, nodes }
    const data = { serviceRequest: { __typename: 'ServiceRequest', id: 'req_1', messages } }
    cache.writeQuery({ query: conversation, variables: { first: 2, after }, data })
  }
  const read = () => {
    const found = cache.readQuery<{
      serviceRequest: { messages: { nodes: { id: string }[]; pageInfo: { endCursor: string } } }
    }>({ query: conversation, variables: { first: 2 } })?.serviceRequest.messages
    return [found?.nodes.map(({ id }) => id).join(''), found?.pageInfo.endCursor]
  }
  write(undefined)
  write(undefined, 'd')
  expect(read()).toEqual(['d', 'd'])
  write(undefined, 'd', 'c')
  write('c', 'b', 'a')
  expect(read()).toEqual(['dcba', 'a'])
  write(undefined, 'e', 'd')
  expect(read()).toEqual(['edcba', 'a'])
  write(undefined, 'z', 'y')
  expect(read()).toEqual(['zy', 'y'])
})

describe('what is known of something', () => {
  const approval = (status: string, updatedAt: string, more = {}) => ({
    __typename: 'Approval',
    id: 'apr_1',
    status,
    updatedAt,
    ...more,
  })
  const row = gql`
    query Row {
      approval(id: "apr_1") {
        id
        status
        updatedAt
      }
    }
  `
  const whole = gql`
    query Whole {
      approval(id: "apr_1") {
        id
        status
        updatedAt
        reason
      }
    }
  `

  it('does not go back when an answer comes that was on its way for long, which adds what was not known yet', () => {
    const cache = createCache()
    const seen: unknown[] = []
    cache.watch({ query: row, optimistic: true, callback: ({ result }) => seen.push(result?.approval?.status) })
    cache.writeQuery({ query: row, data: { approval: approval('DONE', '2026-03-01T12:00:00.002Z') } })
    const late = approval('APPROVED', '2026-03-01T12:00:00.001Z', { reason: 'clear' })
    cache.writeQuery({ query: whole, data: { approval: late } })
    expect(cache.readQuery({ query: whole })).toEqual({
      approval: approval('DONE', '2026-03-01T12:00:00.002Z', { reason: 'clear' }),
    })
    expect(new Set(seen)).toEqual(new Set(['DONE']))
    cache.writeQuery({ query: row, data: { approval: approval('RETRIED', '2026-03-01T12:00:00.003Z') } })
    expect(cache.readQuery<{ approval: { status: string } }>({ query: row })?.approval.status).toBe('RETRIED')
  })

  it('does not go back inside of a list either, whose order is the answer’s', () => {
    const list = gql`
      query List {
        approvals {
          nodes {
            id
            status
            updatedAt
          }
        }
      }
    `
    const cache = createCache()
    cache.writeQuery({ query: row, data: { approval: approval('DONE', '2026-03-01T12:00:00.002Z') } })
    const other = { ...approval('PENDING', '2026-03-01T11:00:00.000Z'), id: 'apr_2' }
    const nodes = [other, approval('PENDING', '2026-03-01T12:00:00.000Z')]
    cache.writeQuery({ query: list, data: { approvals: { __typename: 'Approvals', nodes } } })
    const { approvals } =
      cache.readQuery<{ approvals: { nodes: { id: string; status: string }[] } }>({ query: list }) ?? {}
    expect(approvals?.nodes.map(({ id, status }) => `${id} ${status}`)).toEqual(['apr_2 PENDING', 'apr_1 DONE'])
  })

  it('takes earlier pages of a conversation also from an answer that is late', () => {
    const thread = gql`
      query Thread($after: String) {
        serviceRequest(id: "req_1") {
          id
          updatedAt
          messages(first: 1, after: $after) {
            nodes {
              id
            }
          }
        }
      }
    `
    const cache = createCache()
    const write = (updatedAt: string, id: string, after?: string) => {
      const messages = { __typename: 'Messages', nodes: [{ __typename: 'ServiceRequestMessage', id }] }
      const data = { serviceRequest: { __typename: 'ServiceRequest', id: 'req_1', updatedAt, messages } }
      cache.writeQuery({ query: thread, variables: { after }, data })
    }
    write('2026-03-01T12:00:00.002Z', 'b')
    write('2026-03-01T12:00:00.001Z', 'a', 'b')
    expect(cache.readQuery({ query: thread })).toMatchObject({
      serviceRequest: { updatedAt: '2026-03-01T12:00:00.002Z', messages: { nodes: [{ id: 'b' }, { id: 'a' }] } },
    })
  })

  it('a document does not go back to where it stood, and each query adds what it asks of that', () => {
    const stand = gql`
      query Stand {
        document(id: "doc_1") {
          id
          status {
            stage
            cursor
          }
        }
      }
    `
    const stages = gql`
      query Stages {
        document(id: "doc_1") {
          id
          status {
            stages
          }
        }
      }
    `
    const cache = createCache()
    const write = (query: typeof stand, status: object) =>
      cache.writeQuery({
        query,
        data: {
          document: { __typename: 'Document', id: 'doc_1', status: { __typename: 'IngestionStatus', ...status } },
        },
      })
    const read = (query: typeof stand) =>
      cache.readQuery<{ document: { status: Record<string, unknown> } }>({ query })?.document.status
    write(stand, { stage: 'READY', cursor: '10' })
    write(stand, { stage: 'LINKING', cursor: '9' })
    expect(read(stand)).toMatchObject({ stage: 'READY', cursor: '10' })
    write(stages, { stages: ['READY'] })
    write(stages, { stages: ['READY', 'WAITING'] })
    expect(read(stages)).toMatchObject({ stages: ['READY', 'WAITING'] })
    write(stand, { stage: 'WAITING', cursor: '11' })
    expect(read(stand)).toMatchObject({ stage: 'WAITING', cursor: '11' })
  })
})
