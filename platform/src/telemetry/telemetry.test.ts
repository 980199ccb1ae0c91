import { expect, test } from 'vitest'
import { EngineUnavailable, NotFound } from '../schema/refusals.ts'
import { openCollector } from './collector.testing.ts'
import { gaugeOf, observed, renderMetrics, startTracing, traceHeaders, traced, underTrace } from './telemetry.ts'

const engine = {
  async read(what: string) {
    if (what === 'away') throw new EngineUnavailable('attic')
    if (what === 'unknown') throw new NotFound()
    return `${this.name}: ${what}`
  },
  name: 'attic',
  now: () => 7,
  chest: { open: async () => 'dust' },
}

async function counted(): Promise<string[]> {
  const { text } = await renderMetrics()
  return text.split('\n').filter((line) => line.startsWith('passerelle_engine_seconds_count{engine="attic"'))
}

test('times the verbs of an engine by how they ended, and changes nothing about it', async () => {
  const attic = observed('attic', engine)
  expect(await attic.read('box')).toBe('attic: box')
  expect(attic.now()).toBe(7)
  expect(await attic.chest.open()).toBe('dust')
  await expect(attic.read('away')).rejects.toThrow(EngineUnavailable)
  await expect(attic.read('unknown')).rejects.toThrow(NotFound)
  expect(await counted()).toEqual([
    'passerelle_engine_seconds_count{engine="attic",verb="read",outcome="done"} 1',
    'passerelle_engine_seconds_count{engine="attic",verb="chest.open",outcome="done"} 1',
    'passerelle_engine_seconds_count{engine="attic",verb="read",outcome="away"} 1',
    'passerelle_engine_seconds_count{engine="attic",verb="read",outcome="refused"} 1',
  ])
})

test('looks a figure up when somebody asks, and leaves out what cannot be found out', async () => {
  let value: number | null = 3
  gaugeOf({ name: 'passerelle_test_depth', help: 'How deep.', labels: ['place'] }, async () => {
    if (value === null) throw new EngineUnavailable('attic')
    return [{ value, labels: { place: 'attic' } }]
  })
  expect((await renderMetrics()).text).toContain('passerelle_test_depth{place="attic"} 3')
  value = null
  expect((await renderMetrics()).text).not.toContain('passerelle_test_depth{')
})

test('tells a collector of one trace from a request through another process to an engine', async () => {
  const { url, spans, close } = await openCollector()
  const tracing = startTracing({ endpoint: url, service: 'test' })
  const attic = observed('attic', engine)
  const headers = await traced('request', { kind: 'server' }, async () => traceHeaders())
  await underTrace(headers, () => traced('other process', { kind: 'server' }, () => attic.read('box')))
  await expect(traced('broken', {}, () => attic.read('away'))).rejects.toThrow()
  await tracing.close()
  await close()

  const named = new Map(spans.map((span) => [span.name, span]))
  const [request, other] = [named.get('request'), named.get('other process')]
  expect(other).toMatchObject({ traceId: request?.traceId, parentSpanId: request?.spanId })
  expect(spans).toContainEqual(expect.objectContaining({ name: 'attic.read', parentSpanId: other?.spanId }))
  expect(named.get('broken')?.status?.code).toBe(2)
})

test('records nothing and sends no header while nobody collects', async () => {
  expect(await traced('request', {}, async () => traceHeaders())).toEqual({})
})
