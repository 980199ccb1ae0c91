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
