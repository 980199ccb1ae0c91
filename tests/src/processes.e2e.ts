import { readFile } from 'node:fs/promises'
import { attributeOf, openCollector, type Collector } from '@passerelle/platform/telemetry/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createApiClient, settled, signUp, type ApiClient } from './client.ts'
import { missingEngines, openFleet, type Fleet } from './fleet.ts'
import { makeKey } from './keys/make-key.ts'
import { openLeaver } from './leaving.ts'
import { preparePasserelle, type Passerelle } from './passerelle.ts'

const missing = missingEngines(process.env)
const sample = (name: string) => readFile(new URL(`../samples/business/${name}`, import.meta.url))
const papers = ['docfr-cmr-01.pdf', 'docfr-facture-01.pdf']

/** Everything a day at the office asks, with names in place of what differs between two installations. */
const questions = [
  '{ documents(first: 10) { totalCount nodes { title kind pageCount status { stage } entities { nodes { name } } } } }',
  '{ search(query: "transporteur", first: 5) { nodes { chunk { document { title } } highlights } } }',
  '{ entities(first: 20) { nodes { type name documents { totalCount } } } }',
  '{ shipments(first: 5) { nodes { trackingNumber status entity { name } documents { nodes { title } } } } }',
  '{ viewer { roles organization { name } } }',
]

let fleet: Fleet
let house: Passerelle
let collector: Collector

beforeAll(async () => {
  if (missing.length > 0) return
  house = await preparePasserelle({ PASSERELLE_DEMO: 'off' })
  await house.start()
  collector = await openCollector()
  const more = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }
  fleet = await openFleet({ gateways: 2, copies: 2, workers: 4, more })
  // Eighteen processes load their code.
}, 600_000)
beforeEach(({ skip }) => skip(missing.length > 0, `${missing.join(', ')} not set`))
afterAll(async () => {
  await fleet?.close()
  await house?.remove()
  await collector?.close()
})

const here = ({ token }: ApiClient, gateway: number) => createApiClient(fleet.gateways[gateway] ?? '', token)

async function fill(client: ApiClient): Promise<void> {
  await client.ask(
    'mutation { createShipment(input: { trackingNumber: "6A12345678901" }) { __typename ... on Shipment { id } } }',
  )
  for (const name of papers) await client.upload(name, await sample(name))
  await settled(client)
}

test('many processes answer as one process does, whichever gateway is asked', async () => {
  const one = await signUp(house.url)
  const many = await signUp(fleet.gateways[0] ?? '')
  await Promise.all([fill(one), fill(many)])
  for (const question of questions) {
    const { data: expected, errors } = await one.answer(question)
    expect(errors).toBeUndefined()
    for (const gateway of [0, 1]) {
      const { data, errors: refused } = await here(many, gateway).answer(question)
      expect({ data, refused }, question).toEqual({ data: expected, refused: undefined })
    }
  }
})

test('a key made at one gateway asks at the other, as a partner too, until it is revoked: then at once no more, and what it has open is closed', async () => {
  const client = await signUp(fleet.gateways[0] ?? '')
  const [url = '', elsewhere = ''] = fleet.gateways
  const program = await makeKey(client, { url: elsewhere, kind: 'INTERNAL' })
  const partner = await makeKey(client, { url: elsewhere, kind: 'PARTNER' })
  const who = '{ viewer { key { id } } }'
  expect(await program.client.ask(who)).toEqual({ viewer: { key: { id: program.id } } })
  expect(await partner.client.ask(who)).toEqual({ viewer: { key: { id: partner.id } } })
  expect((await partner.client.answer('{ clients { totalCount } }')).errors?.[0]?.message).toContain(
    'Cannot query field',
  )
  const socket = program.client.socket()
  const closed = new Promise<number>((resolve) => {
    socket.on('closed', (event) => resolve((event as { code: number }).code))
  })
  const connected = new Promise<void>((resolve) => socket.on('connected', () => resolve()))
  socket.subscribe({ query: 'subscription { documentsChanged { id } }' }, { next() {}, error() {}, complete() {} })
  await connected
  await createApiClient(url, client.token).ask(`mutation ($id: ID!) { revokeApiKey(id: $id) { __typename } }`, {
    id: program.id,
  })
  for (const gateway of [0, 1])
    expect((await here(program.client, gateway).answer(who)).errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED')
  expect(await closed).toBe(4403)
  await socket.dispose()
})

/** What a key may spend in a minute where nothing else is set. */
const ofKey = 1_000_000

test('two gateways let in together what a key may spend in a minute, and no more', async () => {
  const client = await signUp(fleet.gateways[0] ?? '')
  const program = await makeKey(client, { url: fleet.gateways[1] ?? '', kind: 'INTERNAL' })
  const expensive = '{ documents(first: 100) { nodes { entities(first: 100) { nodes { id } } } } }'
  const ask = (n: number) => here(program.client, n % 2).answer(expensive)
  const { extensions = {} } = await ask(0)
  const { requested } = extensions.cost as { requested: number }
  const fit = Math.floor(ofKey / requested)
  expect(fit).toBeGreaterThan(20)
  const answers = await Promise.all(Array.from({ length: fit * 2 }, (_, n) => ask(n)))
  const codes = answers.map(({ errors }) => errors?.[0]?.extensions?.code ?? 'let in')
  // What a gateway has taken beforehand and not spent is all that may be missed.
  const letIn = 1 + codes.filter((code) => code === 'let in').length
  expect(new Set(codes)).toEqual(new Set(['let in', 'RATE_LIMITED']))
  expect({ letIn, fit, isWithin: letIn <= fit && letIn > fit * 0.9 }).toMatchObject({ isWithin: true })
})

test('two gateways let in together the last requests of a plan, to the last one', async () => {
  const client = await signUp(fleet.gateways[0] ?? '')
  const program = await makeKey(client, { url: fleet.gateways[1] ?? '', kind: 'INTERNAL' })
  const used = async (): Promise<number> => {
    const { usage } = await client.ask<{ usage: { metric: string; used: number }[] }>('{ usage { metric used } }')
    return usage.find(({ metric }) => metric === 'REQUESTS')?.used ?? 0
  }
  const setBudget = (budget: number) =>
    client.ask(
      `mutation ($budget: Float) { setUsageBudget(metric: REQUESTS, budget: $budget) { ... on Usage { budget } } }`,
      { budget },
    )
  await setBudget(10_000)
  const ask = (n: number) => here(program.client, n % 2).answer('{ shipments { totalCount } }')
  // Where as little is left, a request is counted before it is answered, and what was let in before it with it.
  for (const gateway of [0, 1]) expect((await ask(gateway)).errors).toBeUndefined()
  await setBudget((await used()) + 150)
  const answers = await Promise.all(Array.from({ length: 500 }, (_, n) => ask(n)))
  const codes = answers.map(({ errors }) => errors?.[0]?.extensions?.code ?? 'let in')
  expect(new Set(codes)).toEqual(new Set(['let in', 'QUOTA_EXCEEDED']))
  // Looking at what is used and setting the budget were requests, too, which are counted and never refused.
  expect([148, 149, 150]).toContain(codes.filter((code) => code === 'let in').length)
})

test('many processes tell a subscriber at one gateway of what was done at the other', async () => {
  const client = await signUp(fleet.gateways[0] ?? '')
  const { events, stop } = follow(here(client, 1))
  await expect.poll(() => events.length, { timeout: 1_000 }).toBe(0)
  const id = await client.upload('docfr-cmr-01.pdf', await sample('docfr-cmr-01.pdf'))
  await expect.poll(() => events.filter((event) => event === id).length, { timeout: 60_000 }).toBeGreaterThan(2)
  stop()
})

test('many processes tell one trace, under one id, from the gateway through the subgraph to the jobs, the facts and the engines', async () => {
  const client = await signUp(fleet.gateways[0] ?? '')
  await client.upload(
    'trace.txt',
    Buffer.from('Lettre de voiture de la trace. Transporteur : Fret Atlantique, Nantes.'),
  )
  await settled(client)
  const wanted = [
    'passerelle gateway: HTTP /uploads',
    'passerelle documents: documents answers',
    'passerelle worker: job documents.ingest',
    'passerelle worker: sql.withOrganization',
    'passerelle worker: vectors.replaceDocument',
    'passerelle worker: fact document.linked',
    'passerelle worker: graph.',
  ]
  // What none of the traces has; spans are sent every few seconds.
  const missing = (): string[] => {
    const traces = Map.groupBy(collector.spans, ({ traceId }) => traceId)
    const told = [...traces.values()].map((spans) => {
      const ids = new Set(spans.flatMap((span) => attributeOf(span, 'passerelle.request_id') ?? []))
      const names = spans.map(({ service, name }) => `${service}: ${name}`)
      return ids.size === 1 ? wanted.filter((one) => !names.some((name) => name.startsWith(one))) : wanted
    })
    return told.toSorted((a, b) => a.length - b.length)[0] ?? wanted
  }
  await expect.poll(missing, { timeout: 60_000 }).toEqual([])
})

test('many processes tell their figures, each those of its work', async () => {
  // Which of its like has done what, nobody knows.
  const figures = async (kind: string): Promise<string> => {
    const alike = fleet.names.filter((name) => name.startsWith(`${kind} `))
    const told = alike.map(async (name) => (await fetch(`http://127.0.0.1:${fleet.portOf(name)}/metrics`)).text())
    return (await Promise.all(told)).join('\n')
  }
  const expected = {
    gateway: ['http_request', 'operation', 'named_operation', 'subgraph_request', 'engine'],
    documents: ['http_request', 'resolver', 'engine'],
    worker: ['job', 'ingestion_stage', 'engine'],
  }
  const text = new Map(
    await Promise.all(Object.keys(expected).map(async (name) => [name, await figures(name)] as const)),
  )
  for (const [process, names] of Object.entries(expected))
    for (const name of names)
      expect(text.get(process), process).toMatch(new RegExp(`^passerelle_${name}_seconds_count\\{`, 'm'))
  expect(text.get('worker')).toMatch(/^passerelle_jobs\{queue="documents.ingest",state="pending"\} \d+$/m)
  for (const process of ['documents', 'worker'])
    expect(text.get(process), process).toMatch(/^passerelle_inference_queue\{figure="capacity"\} \d+$/m)
})

test('many processes lose no request that can be repeated, and no document, while each is replaced', async () => {
  const client = await signUp(fleet.gateways[0] ?? '')
  let replacing = true
  const failed: unknown[] = []
  let answers = 0
  const asking = (async () => {
    for (; replacing; answers++) {
      const { errors } = await client.answer(questions[answers % questions.length] ?? '')
      if (errors) failed.push(...errors)
    }
  })()
  const uploads: string[] = []
  // One of each kind of process stands for its like; two of the workers go on.
  for (const name of fleet.names.filter((one) => !['gateway 1', 'worker 3', 'worker 4'].includes(one))) {
    const bytes = Buffer.from(`Lettre de voiture du remplacement de ${name}. Transporteur : Fret Atlantique.`)
    uploads.push(await client.upload(`${name.replace(' ', '-')}.txt`, bytes))
    await fleet.replace(name)
  }
  replacing = false
  await asking
  expect(failed).toEqual([])
  expect(answers).toBeGreaterThan(20)
  const documents = await settled(client)
  expect(documents.map(({ status }) => status.stage)).toEqual(uploads.map(() => 'READY'))
  expect(new Set(documents.map(({ id }) => id))).toEqual(new Set(uploads))
})

test('many processes finish what killed workers had begun, once', async () => {
  const client = await signUp(fleet.gateways[1] ?? '')
  const uploads: string[] = []
  for (let n = 0; n < 6; n++)
    uploads.push(await client.upload(`lettre-${n}.txt`, Buffer.from(`Lettre ${n} de Fret Atlantique à Nantes.`)))
  for (const name of fleet.names.filter((one) => one.startsWith('worker'))) await fleet.kill(name)
  const documents = await settled(client)
  expect(documents.map(({ status }) => status.stage)).toEqual(uploads.map(() => 'READY'))
  const { search } = await client.ask<{ search: { nodes: object[] } }>(
    '{ search(query: "Atlantique", first: 20) { nodes { chunk { document { id } } } } }',
  )
  expect(search.nodes.length).toBe(uploads.length)
})

test('clients of many processes leave before they are answered, which is no failure of any', async () => {
  const leaver = await openLeaver(fleet.gateways[0] ?? '')
  expect(await leaver.leaveRequests()).toBeGreaterThan(100)
  expect(await leaver.leaveSockets()).toBeGreaterThan(0)
  expect(await leaver.leaveFiles()).toBe('letter')
})

test('nothing of all this left an error in a log', () => {
  expect(fleet.errors()).toEqual([])
})

/** The documents of an organisation's changes, in order. */
function follow(client: ApiClient): { events: string[]; stop(): void } {
  const events: string[] = []
  const socket = client.socket()
  const stop = socket.subscribe<{ documentsChanged: { id: string } }>(
    { query: 'subscription { documentsChanged { id } }' },
    {
      next: ({ data }) => void events.push(data?.documentsChanged.id ?? ''),
      error: () => undefined,
      complete: () => undefined,
    },
  )
  return {
    events,
    stop() {
      stop()
      void socket.dispose()
    },
  }
}
