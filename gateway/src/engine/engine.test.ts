import { execute, parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { createRandom, writeQuery } from '../testing/random-query.ts'
import { openTown } from '../testing/open-town.ts'

test('answers random queries exactly as one schema with the same resolvers does', async () => {
  const { engine, monolith, ask } = openTown()
  const random = createRandom(20261120)
  let compared = 0
  for (let round = 0; round < 1500; round++) {
    const query = writeQuery({
      schema: engine.apiSchema,
      random,
      without: new Set(['secret', 'forbidden', 'temper', 'sealed']),
    })
    const document = parse(query)
    if (validate(monolith, document).length > 0) continue
    const variables = { yes: true, no: false }
    const expected = await execute({ schema: monolith, document, variableValues: variables })
    const actual = await ask(query, variables)
    expect(JSON.stringify(actual), query).toBe(JSON.stringify(expected))
    compared++
  }
  expect(compared).toBeGreaterThan(500)
})

test('lets null rise from failing fields exactly as one schema does', async () => {
  const { engine, monolith, ask } = openTown()
  const random = createRandom(7)
  let failed = 0
  for (let round = 0; round < 1500; round++) {
    const query = writeQuery({ schema: engine.apiSchema, random })
    const document = parse(query)
    if (validate(monolith, document).length > 0) continue
    const variables = { yes: true, no: false }
    const expected = await execute({ schema: monolith, document, variableValues: variables })
    const actual = await ask(query, variables)
    expect(JSON.stringify(actual.data), query).toBe(JSON.stringify(expected.data))
    expect((actual.errors?.length ?? 0) > 0, query).toBe((expected.errors?.length ?? 0) > 0)
    if (expected.errors) failed++
  }
  expect(failed).toBeGreaterThan(100)
})
