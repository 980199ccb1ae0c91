import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { abuses } from '../testing/abuse.ts'
import { openTownGateway, type TownGateway } from '../testing/open-town-gateway.ts'

let town: TownGateway

beforeAll(async () => {
  town = await openTownGateway()
})

beforeEach(() => {
  town.requests.length = 0
})

afterAll(() => town.gateway.drain())

interface Answer {
  errors: { message: string; extensions: { code: string; requestId: string } }[]
}

test.each(abuses)('refuses $name before a subgraph hears of it, in few words', async ({ code, body, headers }) => {
  const response = await town.post(body, headers)
  const text = await response.text()
  const { errors } = JSON.parse(text) as Answer
  expect(errors[0]?.extensions.code).toBe(code)
  for (const { extensions } of errors) expect(extensions.requestId).toBe(response.headers.get('x-request-id'))
  expect(town.requests).toEqual([])
  // Whoever sends little must not be able to make us send much.
  expect(text.length).toBeLessThan(20_000)
})

test('answers as before after all of it', async () => {
  const response = await town.post({ query: '{ viewer { id } }' })
  expect(await response.json()).toMatchObject({ data: { viewer: { id: 'u1' } } })
})
