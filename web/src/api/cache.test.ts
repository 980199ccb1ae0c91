import { gql } from '@apollo/client/core'
import { expect, it } from 'vitest'
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
