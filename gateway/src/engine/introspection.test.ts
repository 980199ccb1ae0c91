import { getIntrospectionQuery, parse } from 'graphql'
import { expect, test } from 'vitest'
import { openTown } from '../testing/open-town.ts'
import { introspect } from './introspection.ts'

test('answers one question about the schema after the other, and others in between', async () => {
  const { apiSchema } = openTown().engine
  const document = parse(getIntrospectionQuery())
  let turns = 0
  let counting = true
  const count = (): void => {
    turns++
    if (counting) setImmediate(count)
  }
  setImmediate(count)
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => introspect({ apiSchema, document, variables: {} })),
  )
  counting = false
  expect(answers).toEqual(Array(20).fill({ __schema: expect.anything() }))
  expect(turns).toBeGreaterThanOrEqual(19)
})
