import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createApiClient, listDocuments, settled, signUp, type ApiClient, type DocumentState } from './client.ts'
import { missingEngines } from './fleet.ts'
import { follow, type Follower } from './follow.ts'
import { openHouse, type Engine, type House } from './house.ts'
import { letter, startLoad } from './load.ts'
import { surprises } from './passerelle.ts'
import { fetching, requests, uploadOnce, type Outcome } from './requests.ts'

const missing = missingEngines(process.env)
const patience = { timeout: 180_000, interval: 500 }

let house: House
let client: ApiClient
let follower: Follower
/** The ids of all documents that were taken. */
const taken: string[] = []
let file = ''

beforeAll(async () => {
  if (missing.length > 0) return
  house = await openHouse({ said: 'Le transporteur est Fret Atlantique [1].' })
  client = await signUp(house.passerelle.url)
  follower = follow(client)
  taken.push(await client.upload('lettre-0.txt', Buffer.from(letter('0'))))
  await client.ask('mutation { createShipment(input: { trackingNumber: "6A12345678901" }) { ... on Shipment { id } } }')
  await settled(client)
  file = (await client.ask<{ documents: { nodes: { fileUrl: string }[] } }>('{ documents { nodes { fileUrl } } }'))
    .documents.nodes[0]?.fileUrl as string
}, 300_000)
beforeEach(({ skip }) => skip(missing.length > 0, `${missing.join(', ')} not set`))
afterAll(async () => {
  await follower?.stop()
  await house?.close()
})

const everything: Record<string, Outcome> = {
  viewer: 'answered',
  lists: 'answered',
  reader: 'answered',
  records: 'answered',
  search: 'answered',
  graph: 'answered',
  ask: 'GENERATIVE',
  askOfRecords: 'EXTRACTIVE',
  logIn: 'InvalidCredentials',
  bytes: 'answered',
  upload: 'answered',
}
const allAway = Object.fromEntries(Object.keys(everything).map((name) => [name, 'sql away']))

/** What does not go on, or goes on otherwise, without an engine. */
const without: { engine: Engine; changed: Record<string, Outcome>; paper: string }[] = [
  { engine: 'graph', changed: { graph: 'graph away' }, paper: 'docfr-cmr-00.pdf' },
  { engine: 'vectors', changed: { search: 'vectors away', ask: 'vectors away' }, paper: 'docfr-cmr-01.pdf' },
  { engine: 'coordination', changed: { ask: 'EXTRACTIVE', logIn: 'coordination away' }, paper: 'docfr-cmr-02.pdf' },
  { engine: 'blobs', changed: { bytes: 'blobs away', upload: 'blobs away' }, paper: 'docfr-bl-00.pdf' },
  { engine: 'sql', changed: allAway, paper: 'docfr-bl-01.pdf' },
]

test.each(without)('with $engine cut off, the rest works; when it is back, nothing is lost or doubled', async (one) => {
  const { engine, changed, paper } = one
  const load = startLoad(client, {
    url: house.passerelle.url,
    name: engine,
    file: await readFile(new URL(`../samples/business/${paper}`, import.meta.url)),
  })
  await load.rounds(1)
  const before = await timesAway(engine)
  await house.ways[engine].cut()
  const outcomes = await askEverything(`${engine} coupé`)
  await load.rounds(2)
  expect.soft(outcomes).toEqual({ ...everything, ...changed })
  expect.soft(await readyz()).toMatchObject({ ready: engine !== 'sql', engines: { [engine]: 'down' } })
  expect.soft(await timesAway(engine)).toBeGreaterThan(before)
  await house.ways[engine].mend()
  await load.rounds(2)
  await load.stop()
  taken.push(...load.accepted)
  expect.soft(load.failures.filter((failure) => failure !== `${engine} away`)).toEqual([])
  await expectWhole()
})

test.each(without)('with $engine silent, nobody waits for ever, and the rest works', async ({ engine, changed }) => {
  house.ways[engine].hush(true)
  const outcomes = await askEverything(`${engine} muet`)
  house.ways[engine].hush(false)
  expect.soft(outcomes).toEqual({ ...everything, ...changed })
  await expectWhole()
})

test('bytes that came while the house was told that they did not are swept, and those of documents stay', async () => {
  await house.makeArrivalsOld()
  await expect.poll(async () => (await house.files()).length, patience).toBe(taken.length)
  expect((await fetching(new URL(file, house.passerelle.url))).outcome).toBe('answered')
})

test('nothing that an outage brings about is an error of ours', () => {
  expect(surprises(house.passerelle)).toEqual([])
})

test('a house whose engines are silent ends in order, with requests under way', async () => {
  for (const way of Object.values(house.ways)) way.hush(true)
  const asked = Promise.allSettled(Object.values(requests).map((request) => request(client)))
  const code = await house.passerelle.stop()
  for (const way of Object.values(house.ways)) way.hush(false)
  await asked
  expect(code).toBe(0)
  // What was asked of a model just then has nowhere to be written down, and that is said.
  const unkept = /^The record of a model call could not be kept/
  expect(surprises(house.passerelle).filter((line) => !unkept.test(line))).toEqual([])
})

test('a house starts while all engines but its database are away, and has them when they come', async () => {
  const late = (['graph', 'vectors', 'coordination', 'blobs'] as const).map((engine) => house.ways[engine])
  for (const way of late) await way.cut()
  await house.passerelle.start()
  client = createApiClient(house.passerelle.url, client.token)
  expect(await requests.lists(client)).toBe('answered')
  for (const way of late) await way.mend()
  await expect.poll(() => askEverything('retour'), patience).toEqual(everything)
  expect(surprises(house.passerelle)).toEqual([])
})

/** Asks everything at the same time; the letter that is sent has this name. */
async function askEverything(name: string): Promise<Record<string, Outcome>> {
  const { url } = house.passerelle
  const sending = async (): Promise<Outcome> => {
    const bytes = Buffer.from(letter(name))
    const { outcome, documentId } = await uploadOnce(client, { url, filename: `lettre-${name}.txt`, bytes, link: null })
    if (documentId) taken.push(documentId)
    return outcome
  }
  const asked = Object.entries(requests).map(async ([name, request]) => [name, await request(client)] as const)
  const bytes = fetching(new URL(file, url)).then(({ outcome }) => ['bytes', outcome] as const)
  const upload = sending().then((outcome) => ['upload', outcome] as const)
  return Object.fromEntries(await Promise.all([...asked, bytes, upload]))
}

/** Waits until everything that was taken is read, found and joined once, and has been told of once. */
async function expectWhole(): Promise<void> {
  await expect.poll(stages, patience).toEqual(taken.map(() => 'READY'))
  const documents = await kept()
  expect.soft(documents.map(({ id }) => id).toSorted()).toEqual(taken.toSorted())
  const letters = documents.filter(({ title }) => title.includes('-')).map(({ id }) => id)
  expect.soft(await passagesOf('Kerguelen')).toEqual(letters.toSorted())
  await expect.poll(() => countsOf('quai@fret-atlantique.fr'), patience).toEqual([letters.length])
  await expectToldOnce()
}

/** The documents whose bytes came. */
async function kept(): Promise<DocumentState[]> {
  const documents = await listDocuments(client)
  return documents.filter(({ status }) => status.stage !== 'WAITING')
}

/** Where they stand, and what is still to be caught up. */
async function stages(): Promise<string[]> {
  return (await kept()).map(({ status }) => [status.stage, ...status.degraded].join(' without '))
}

/** The documents of the passages that a word is found in, one for each passage. */
async function passagesOf(query: string): Promise<string[]> {
  const { search } = await client.ask<{ search: { nodes: { chunk: { document: { id: string } } }[] } }>(
    'query ($query: String!) { search(query: $query, mode: SPARSE, first: 100) { nodes { chunk { document { id } } } } }',
    { query },
  )
  return search.nodes.map(({ chunk }) => chunk.document.id).toSorted()
}

/** How many documents name an entity, for each that has this name. */
async function countsOf(name: string): Promise<number[]> {
  const { entities } = await client.ask<{ entities: { nodes: { name: string; documents: { totalCount: number } }[] } }>(
    '{ entities(first: 50) { nodes { name documents { totalCount } } } }',
  )
  return entities.nodes.flatMap((entity) => (entity.name === name ? entity.documents.totalCount : []))
}

/** What the subscriber heard through all outages is what one hears who asks for all of it now. */
async function expectToldOnce(): Promise<void> {
  const first = follower.steps[0]?.cursor ?? null
  const again = follow(client, first)
  const cursors = ({ steps }: Follower) => steps.map(({ cursor }) => cursor)
  await expect.poll(() => cursors(again).join() === cursors(follower).slice(1).join(), patience).toBe(true)
  await again.stop()
  expect.soft(follower.failures).toEqual([])
}

async function readyz(): Promise<unknown> {
  const response = await fetch(new URL('/readyz', house.passerelle.url))
  return response.json()
}

/** How often a verb of an engine found it away, as `/metrics` counts. */
async function timesAway(engine: Engine): Promise<number> {
  const { text } = await fetching(new URL('/metrics', house.passerelle.url))
  const counts = text.matchAll(/^passerelle_engine_seconds_count\{(.+)\} (\d+)$/gm)
  return [...counts]
    .filter(([, labels = '']) => labels.includes(`engine="${engine}"`) && labels.includes('outcome="away"'))
    .reduce((sum, [, , count]) => sum + Number(count), 0)
}
