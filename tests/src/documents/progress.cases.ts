import type { Client } from 'graphql-ws'
import { beforeAll, expect, test } from 'vitest'
import { settled, signUp, type ApiClient } from '../client.ts'
import type { Passerelle } from '../passerelle.ts'

const course = ['STORING', 'EXTRACTING', 'CHUNKING', 'INDEXING', 'LINKING', 'READY']

interface Step {
  id: string
  status: { stage: string; progress: number; cursor: string }
  entities: { nodes: { name: string }[] }
}

const stepFields = 'id status { stage progress cursor } entities { nodes { name } }'

/** What a subscriber hears through the gateway, from two subgraphs at once, also when the connection breaks. */
export function progressCases(house: Passerelle): void {
  let client: ApiClient
  beforeAll(async () => {
    client = await signUp(house.url)
  })

  test('a subscriber hears every step in order, each with the fields of another subgraph as they were then', async () => {
    const socket = client.socket()
    const steps = await watch(socket, await client.upload('long.txt', longText('premier')), { until: 'READY' })
    const stages = steps.map(({ status }) => status.stage)
    expect(stages.filter((stage, index) => stage !== stages[index - 1])).toEqual(
      course.slice(course.indexOf(stages[0] ?? '')),
    )
    expect(stages.filter((stage) => stage === 'EXTRACTING').length).toBeGreaterThan(1)
    const progress = steps.map(({ status }) => status.progress)
    expect(progress).toEqual(progress.toSorted((a, b) => a - b))
    expect(steps.at(-1)?.entities.nodes.map(({ name }) => name)).toContain('732829320')
    expect(steps[0]?.entities.nodes).toEqual([])
    await socket.dispose()
  })

  test('a subscriber whose connection breaks after every few steps misses none and hears none twice', async () => {
    const id = await client.upload('long-2.txt', longText('second'))
    const heard: Step[] = []
    do {
      const socket = client.socket()
      heard.push(...(await watch(socket, id, { after: heard.at(-1)?.status.cursor ?? '0', until: 'READY', atMost: 3 })))
      socket.terminate()
    } while (heard.at(-1)?.status.stage !== 'READY')
    const socket = client.socket()
    const whole = await watch(socket, id, { after: '0', until: 'READY' })
    expect(heard.map(({ status }) => status)).toEqual(whole.map(({ status }) => status))
    expect(heard.length).toBeGreaterThan(6)
    await socket.dispose()
  })

  test('who watches all documents hears the same steps again after a cursor, and a deletion as a document that is gone', async () => {
    const socket = client.socket()
    const id = await client.upload('short.txt', new TextEncoder().encode('Une courte note.'))
    const first = await watchAll(socket, {
      after: '0',
      until: (change) => change.id === id && change.document?.status.stage === 'READY',
    })
    await client.ask(`mutation ($id: ID!) { deleteDocument(id: $id) { __typename } }`, { id })
    const cursor = first[0]?.cursor ?? ''
    const rest = await watchAll(socket, { after: cursor, until: (change) => change.document === null })
    // The steps of a document that is gone are told no more; its disappearance is.
    expect(rest.filter((change) => change.id !== id)).toEqual(first.slice(1).filter((change) => change.id !== id))
    expect(rest.at(-1)).toMatchObject({ id, document: null })
    await socket.dispose()
  })

  test('a question that is asked again by the same name is answered once, with its words replayed', async () => {
    await client.upload(
      'horaires.txt',
      new TextEncoder().encode(
        "Le dépôt de Rennes ouvre à 6 heures 30 et ferme à 19 heures. L'accueil répond au 02 99 00 00 00.",
      ),
    )
    await settled(client)
    const input = { question: 'À quelle heure ouvre le dépôt de Rennes ?', requestId: 'question-1' }
    const broken = client.socket()
    await askAll(broken, input, 1)
    broken.terminate()
    const socket = client.socket()
    const [again, third] = [await askAll(socket, input), await askAll(socket, input)]
    const { ask } = await client.ask<{ ask: { id: string; text: string } }>(
      `mutation ($input: AskInput!) { ask(input: $input) { ... on Answer { id text } } }`,
      { input },
    )
    for (const events of [again, third]) {
      const answer = events.at(-1)
      expect(answer).toMatchObject({ __typename: 'Answer', id: ask.id })
      expect(
        events
          .slice(0, -1)
          .map(({ text }) => text)
          .join('')
          .trim(),
      ).toBe(answer?.text.trim())
    }
    expect(ask.text).toContain('6 heures 30')
    const { conversations } = await client.ask<{ conversations: { nodes: { answers: { totalCount: number } }[] } }>(
      '{ conversations { nodes { answers { totalCount } } } }',
    )
    expect(conversations.nodes).toEqual([{ answers: { totalCount: 1 } }])
    await socket.dispose()
  })
}

/** Enough for several batches of pages, and different each time. */
function longText(word: string): Uint8Array {
  const line = `Le ${word} colis de la société (SIREN 732 829 320) part de Nantes et arrive à Rennes avec sa lettre de voiture.\n`
  return new TextEncoder().encode(Array.from({ length: 2_500 }, (_, index) => `${index + 1}. ${line}`).join('\n'))
}

function watch(
  socket: Client,
  id: string,
  { after = null, until, atMost = Infinity }: { after?: string | null; until: string; atMost?: number },
): Promise<Step[]> {
  const query = `subscription ($id: ID!, $after: String) { documentProgress(id: $id, after: $after) { ${stepFields} } }`
  return take<{ documentProgress: Step }, Step>(
    socket,
    { query, variables: { id, after } },
    {
      read: ({ documentProgress }) => documentProgress,
      ends: (step, count) => step.status.stage === until || count === atMost,
    },
  )
}

interface Change {
  id: string
  cursor: string
  document: { status: { stage: string } } | null
}

function watchAll(
  socket: Client,
  { after, until }: { after: string; until: (change: Change) => boolean },
): Promise<Change[]> {
  const query = `subscription ($after: String) { documentsChanged(after: $after) { id cursor document { status { stage } } } }`
  return take<{ documentsChanged: Change }, Change>(
    socket,
    { query, variables: { after } },
    { read: ({ documentsChanged }) => documentsChanged, ends: until },
  )
}

interface AskEvent {
  __typename: string
  id?: string
  text: string
}

function askAll(socket: Client, input: object, atMost = Infinity): Promise<AskEvent[]> {
  const query = `subscription ($input: AskInput!) { askStream(input: $input) { __typename ... on AnswerToken { text } ... on Answer { id text } } }`
  return take<{ askStream: AskEvent }, AskEvent>(
    socket,
    { query, variables: { input } },
    {
      read: ({ askStream }) => askStream,
      ends: (event, count) => event.__typename === 'Answer' || count === atMost,
    },
  )
}

/** Events until one ends the wait; an error of the subscription is thrown. */
function take<Data, Event>(
  socket: Client,
  payload: { query: string; variables: Record<string, unknown> },
  { read, ends }: { read: (data: Data) => Event; ends: (event: Event, count: number) => boolean },
): Promise<Event[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Event[]>()
  const events: Event[] = []
  const stop = socket.subscribe<Data>(payload, {
    next({ data, errors }) {
      if (errors || !data) return reject(new Error(JSON.stringify(errors)))
      events.push(read(data))
      if (!ends(read(data), events.length)) return
      stop()
      resolve(events)
    },
    error: (error) => reject(new Error(JSON.stringify(error))),
    complete: () => resolve(events),
  })
  return promise
}
