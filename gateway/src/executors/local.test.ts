import { buildSchema, parse } from 'graphql'
import { expect, test } from 'vitest'
import { createLocalExecutor } from './local.ts'

test('a query that is given up resolves nothing more', async () => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const { promise: entered, resolve: enter } = Promise.withResolvers<void>()
  let read = 0
  const schema = buildSchema('type Query { items: [Item!]! } type Item { value: Int! }')
  const items = schema.getQueryType()?.getFields().items
  if (!items) throw new Error('The schema has items.')
  items.resolve = async () => {
    enter()
    await gate
    return Array.from({ length: 100 }, () => ({ value: () => read++ }))
  }
  const given = new AbortController()
  const answer = createLocalExecutor(schema, () => ({}))({
    subgraph: 'things',
    kind: 'query',
    query: '{ items { value } }',
    document: parse('{ items { value } }'),
    operationName: undefined,
    variables: {},
    viewer: null,
    requestId: 'req_1',
    signal: given.signal,
  })
  await entered
  given.abort(new Error('This took too long.'))
  open()
  await expect(answer).rejects.toThrow('This took too long.')
  expect(read).toBe(0)
})
