import { randomBytes } from 'node:crypto'
import { openCollector, type Collector, type Span } from '@passerelle/platform/telemetry/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { preparePasserelle, type Passerelle } from '../passerelle.ts'
import { listDoors, listPlaces, readApi, type Door, type Place } from './doors.ts'
import type { Population } from './population.ts'
import { openTwoOrganizations, requiredValues, variablesWith, type TwoOrganizations } from './two-organizations.ts'

/** Whether the time of an answer could tell what there is: counted in what the house does for it, which no clock of a loaded machine blurs. */
export async function workCases(): Promise<void> {
  const doors = listDoors(await readApi(), 1).filter(({ kind }) => kind !== 'subscription')
  let collector: Collector
  let house: Passerelle
  let two: TwoOrganizations
  beforeAll(async () => {
    collector = await openCollector()
    house = await preparePasserelle({ PASSERELLE_DEMO: 'off', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
    await house.start()
    two = await openTwoOrganizations(house)
  })
  afterAll(async () => {
    await house?.remove()
    await collector?.close()
  })

  test('for an id of another organisation the house does exactly what it does for one that nobody has', async () => {
    const knocks = doors.flatMap((door) =>
      listPlaces(door)
        .filter(({ type }) => type === 'ID')
        .flatMap((place) => pairsOf(door, place, two).map((ids) => ({ door, place, ids }))),
    )
    expect(knocks.length).toBeGreaterThan(60)
    const asked: { what: string; foreign: string[]; unknown: string[] }[] = []
    for (const { door, place, ids } of knocks) {
      const ask = (id: string) => askAgain(house, two, { door, place, id })
      asked.push({
        what: `${door.name} ${place.path.join('.')}`,
        foreign: await ask(ids.foreign),
        unknown: await ask(ids.unknown),
      })
    }
    const works = await worksOf(
      collector,
      asked.flatMap(({ foreign, unknown }) => [...foreign, ...unknown]),
    )
    const compared = asked.map(({ what, foreign, unknown }) => ({
      what,
      foreign: leastOf(foreign, works),
      unknown: leastOf(unknown, works),
    }))
    expect(compared.filter(({ foreign }) => foreign.some((name) => name.startsWith('sql.'))).length).toBeGreaterThan(50)
    expect(compared.filter(({ foreign, unknown }) => String(foreign) !== String(unknown))).toEqual([])
  })
}

/** Another organisation's id in place of ours, and one like it that nobody has. */
function pairsOf(door: Door, place: Place, { ours, theirs }: TwoOrganizations): { foreign: string; unknown: string }[] {
  const own = requiredValues(door, ours).find(({ path }) => path.join() === place.path.join())?.value
  const noun = Object.keys(ours).find((name) => Reflect.get(ours, name) === own) as keyof Population | undefined
  if (!noun) return []
  const foreign = theirs[noun]
  return [
    {
      foreign,
      unknown: foreign.replaceAll(/[0-9a-f]{20}\b/g, 'f'.repeat(20)).replace(/^ent_.*/, `ent_${'z'.repeat(26)}`),
    },
  ]
}

/** What the house does for all in turns, such as writing down what was used, is done under whichever request comes: not under each of several. */
const times = 3

/** Asks the same several times; answers the traces. */
async function askAgain(
  house: Passerelle,
  { we, ours }: TwoOrganizations,
  { door, place, id }: { door: Door; place: Place; id: string },
): Promise<string[]> {
  const traces: string[] = []
  for (let time = 0; time < times; time++)
    traces.push(
      await traced(house, we.token, {
        query: door.document,
        variables: variablesWith(door, ours, { place, value: id }),
      }),
    )
  return traces
}

/** The work of the request of these that took the least. */
function leastOf(traces: readonly string[], works: ReadonlyMap<string, string[]>): string[] {
  return traces.map((trace) => works.get(trace) ?? []).sort((one, other) => one.length - other.length)[0] ?? []
}

/** Asks under a trace of its own; answers the trace. */
async function traced(house: Passerelle, token: string | null, body: object): Promise<string> {
  const trace = randomBytes(16).toString('hex')
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${token}`,
    traceparent: `00-${trace}-${randomBytes(8).toString('hex')}-01`,
  }
  const response = await fetch(`${house.url}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) })
  await response.arrayBuffer()
  return trace
}

/** A gateway takes what callers may spend in portions: which of their requests fetches one has nothing to do with what it asks. */
const rates = 'coordination.limit'

/** What was done in each trace, once all of it has been told of. */
async function worksOf(collector: Collector, traces: readonly string[]): Promise<Map<string, string[]>> {
  const isOver = (spans: readonly Span[]) => spans.some(({ name }) => name.startsWith('HTTP '))
  const byTrace = () => Map.groupBy(collector.spans, ({ traceId }) => traceId)
  await expect
    .poll(() => traces.filter((trace) => !isOver(byTrace().get(trace) ?? [])), { timeout: 60_000 })
    .toEqual([])
  const found = byTrace()
  const workIn = (trace: string) => (found.get(trace) ?? []).map(({ name }) => name).filter((name) => name !== rates)
  return new Map(traces.map((trace) => [trace, workIn(trace).sort()]))
}
