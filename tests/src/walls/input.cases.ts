import { beforeAll, expect, test } from 'vitest'
import { signUp, type ApiClient } from '../client.ts'
import { crowd } from '../crowd.ts'
import { surprises, type Passerelle } from '../passerelle.ts'
import { unfinishedJobs } from '../unfinished-jobs.ts'
import { badCursors, badValuesFor } from './bad-values.ts'
import { listDoors, listPlaces, readApi, toVariables, type Door, type Place } from './doors.ts'
import { populate, type Population } from './population.ts'
import { variablesWith } from './two-organizations.ts'

// A session that ends would turn every later answer into a refusal.
const left = new Set(['logOut', 'createOrganization', 'leaveOrganization', 'switchOrganization'])

/** What nobody should send is refused by type or by a code of the client's, never by failing. */
export async function inputCases(house: Passerelle): Promise<void> {
  const doors = listDoors(await readApi(), 2).filter(({ kind, name }) => kind !== 'subscription' && !left.has(name))
  let client: ApiClient
  let ours: Population
  beforeAll(async () => {
    client = await signUp(house.url)
    ours = await populate(client, 'fret')
  })

  test('every argument of every query and mutation refuses what it cannot take', async () => {
    const questions = doors.flatMap((door) =>
      listPlaces(door).flatMap((place) =>
        valuesFor(place).map((value) => ({
          document: door.document,
          name: `${door.name} ${place.path.join('.')}`,
          value,
          variables: withMine(door, { place, value }),
        })),
      ),
    )
    expect(questions.length).toBeGreaterThan(3_000)
    expect(await failuresOf(client, questions)).toEqual([])
  })

  test('so does every list inside an answer', async () => {
    const questions = nestedLists(ours).flatMap(({ document, names }) =>
      names.flatMap((name) => {
        const place = nestedPlaces[name]
        return place
          ? valuesFor(place).map((value) => ({
              document,
              name: document,
              value,
              variables: toVariables([{ path: place.path, value }]),
            }))
          : []
      }),
    )
    expect(questions.length).toBeGreaterThan(1_000)
    expect(await failuresOf(client, questions)).toEqual([])
  })

  test('nothing of this was a surprise to the log, nor what it set going', async () => {
    await expect.poll(() => unfinishedJobs(house), { timeout: 120_000, interval: 500 }).toEqual([])
    expect(surprises(house)).toEqual([])
  })

  /** What is deleted is taken from under the other questions; those that delete get an id that nobody has. */
  function withMine(door: Door, given: { place: Place; value: unknown }): Record<string, unknown> {
    const takes = ['deleteDocument', 'reprocessDocument', 'deleteCollection', 'approveAction'].includes(door.name)
    const spared = takes ? { ...ours, document: 'doc_none', collection: 'col_none', approval: 'apr_none' } : ours
    return variablesWith(door, spared, given)
  }
}

function valuesFor({ path, type }: Place): unknown[] {
  return [...badValuesFor(type), ...(path[0] === 'after' ? badCursors : [])]
}

interface Question {
  name: string
  document: string
  value: unknown
  variables: Record<string, unknown>
}

const atOnce = 6

/** The questions that were answered with a failure of ours, and how. */
async function failuresOf(client: ApiClient, questions: readonly Question[]): Promise<string[]> {
  const failures: string[] = []
  await crowd(questions, atOnce, async ({ name, document, value, variables }) => {
    const { data, errors } = await client.answer(document, variables)
    const faults =
      errors?.filter(
        ({ extensions }) => extensions?.code === undefined || extensions.code === 'INTERNAL_SERVER_ERROR',
      ) ?? []
    if (faults.length > 0 || (!data && !errors))
      failures.push(`${name} ${JSON.stringify(value)?.slice(0, 80)}: ${JSON.stringify(faults)}`)
  })
  return failures
}

const nestedPlaces: Record<string, Place> = {
  first: { path: ['first'], type: 'Int', required: false },
  after: { path: ['after'], type: 'String', required: false },
  depth: { path: ['depth'], type: 'Int', required: false },
  number: { path: ['number'], type: 'Int', required: true },
  types: { path: ['types', 0], type: 'EntityType', required: false },
  kinds: { path: ['kinds', 0], type: 'TimelineKind', required: false },
  relations: { path: ['relations', 0], type: 'String', required: false },
  documentIds: { path: ['documentIds', 0], type: 'ID', required: false },
  states: { path: ['states', 0], type: 'WebhookDeliveryState', required: false },
  since: { path: ['since'], type: 'DateTime', required: false },
  until: { path: ['until'], type: 'DateTime', required: false },
}

const nestedTypes: Record<string, string> = {
  first: 'Int',
  after: 'String',
  depth: 'Int',
  number: 'Int!',
  types: '[EntityType!]',
  kinds: '[TimelineKind!]',
  relations: '[String!]',
  documentIds: '[ID!]',
  states: '[WebhookDeliveryState!]',
  since: 'DateTime',
  until: 'DateTime',
}

/** Each list and page that hangs on a noun, asked for with its arguments as variables. */
function nestedLists(ours: Population): { document: string; names: string[] }[] {
  const paged = ['first', 'after']
  const period = ['since', 'until']
  // What hangs on the organisation is reached through who asks.
  const lists: [noun: string, id: string | null, field: string, names: string[], selection: string][] = [
    ['document', ours.document, 'chunks', paged, 'totalCount nodes { id }'],
    ['document', ours.document, 'entities', [...paged, 'types'], 'totalCount nodes { id }'],
    ['document', ours.document, 'page', ['number'], 'text'],
    ['collection', ours.collection, 'documents', paged, 'totalCount nodes { id }'],
    ['entity', ours.entity, 'mentions', [...paged, 'documentIds'], 'totalCount nodes { page }'],
    ['entity', ours.entity, 'documents', paged, 'totalCount nodes { id }'],
    [
      'entity',
      ours.entity,
      'neighbours',
      ['first', 'types', 'depth', 'relations', ...period],
      'nodes { distance sources { page } }',
    ],
    ['entity', ours.entity, 'coMentions', ['first', 'types', ...period], 'nodes { lift sources { page } }'],
    ['entity', ours.entity, 'timeline', [...paged, 'kinds', ...period], 'nodes { at document { id } }'],
    ['entity', ours.entity, 'activity', period, 'month'],
    ['shipment', ours.shipment, 'documents', paged, 'totalCount nodes { id }'],
    ['shipment', ours.shipment, 'events', paged, 'totalCount nodes { id }'],
    ['client', ours.client, 'documents', paged, 'totalCount nodes { id }'],
    ['property', ours.property, 'documents', paged, 'totalCount nodes { id }'],
    ['conversation', ours.conversation, 'answers', paged, 'totalCount nodes { id }'],
    ['webhook', ours.webhook, 'deliveries', [...paged, 'states'], 'nodes { id }'],
    ['viewer', null, 'members', paged, 'totalCount nodes { id }'],
    ['viewer', null, 'invitations', paged, 'totalCount nodes { id }'],
    ['viewer', null, 'mails', paged, 'nodes { id }'],
  ]
  return lists.map(([noun, id, field, names, selection]) => {
    const declared = names.map((name) => `$${name}: ${nestedTypes[name]}`).join(', ')
    const given = names.map((name) => `${name}: $${name}`).join(', ')
    const list = `${field}(${given}) { ${selection} }`
    const asked = id === null ? `${noun} { organization { ${list} } }` : `${noun}(id: "${id}") { ${list} }`
    return { names, document: `query (${declared}) { ${asked} }` }
  })
}
