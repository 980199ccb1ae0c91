import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTracing } from '@passerelle/platform/telemetry'
import { attributeOf, openCollector, type Collector, type Span } from '@passerelle/platform/telemetry/testing'
import { openTownGateway, type TownGateway } from '../testing/open-town-gateway.ts'

let town: TownGateway
let collector: Collector
let tracing: ReturnType<typeof startTracing>

beforeAll(async () => {
  collector = await openCollector()
  tracing = startTracing({ endpoint: collector.url, service: 'gateway' })
  town = await openTownGateway()
})
afterAll(async () => {
  await town.gateway.drain()
  await tracing.close()
  await collector.close()
})

const findSpan = async (name: string, requestId: string | null | undefined): Promise<Span> => {
  const find = () =>
    collector.spans.find((span) => span.name === name && attributeOf(span, 'passerelle.request_id') === requestId)
  await expect.poll(find, { timeout: 20_000 }).toBeDefined()
  return find() as Span
}

test('what is refused over HTTP is in the trace of its request, under the id that the client is told', async () => {
  const response = await town.post({ query: '{ nothingOfTheKind }' })
  const refused = await findSpan('GraphQL refused', response.headers.get('x-request-id'))
  const request = await findSpan('HTTP /graphql', response.headers.get('x-request-id'))
  expect([refused.traceId, refused.parentSpanId]).toEqual([request.traceId, request.spanId])
  expect(attributeOf(refused, 'passerelle.door')).toBe('http')
  expect(JSON.stringify(refused)).toContain('GRAPHQL_VALIDATION_FAILED')
  expect(JSON.stringify(refused)).not.toContain('nothingOfTheKind')
})

test('what is refused over a connection is traced by itself', async () => {
  const client = town.connect({ authorization: 'Bearer good' })
  const errors = await new Promise<unknown>((resolve) => {
    client.subscribe(
      { query: '{ nothingOfTheKind }' },
      { next: resolve, error: resolve, complete: () => resolve(null) },
    )
  })
  const [{ extensions }] = errors as [{ extensions: { requestId: string } }]
  const refused = await findSpan('GraphQL refused', extensions.requestId)
  expect(attributeOf(refused, 'passerelle.door')).toBe('websocket')
  await client.dispose()
})
