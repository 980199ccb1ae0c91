import { readFile } from 'node:fs/promises'
import {
  TypeInfo,
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  isObjectType,
  lexicographicSortSchema,
  parse,
  printSchema,
  visit,
  visitWithTypeInfo,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql'
import { beforeAll, expect, test } from 'vitest'
import { signUp, type ApiClient } from '../client.ts'
import type { Passerelle } from '../passerelle.ts'
import { listDoors, listPlaces, readApi, toVariables, type Door } from '../walls/doors.ts'
import { goodValue } from '../walls/good-values.ts'
import { populate, type Population } from '../walls/population.ts'
import { hiddenIn, namesOf, suggestedIn } from './hidden.ts'
import { makeKey } from './make-key.ts'

const partnerFile = new URL('../../../graph-schema/partner.graphql', import.meta.url)

/** What a partner's key can see: the contract, all of it, and nothing else. */
export async function contractCases(house: Passerelle): Promise<void> {
  const [api, partner] = [await readApi(), buildSchema(await readFile(partnerFile, 'utf8'))]
  let people: ApiClient
  let population: Population
  let client: ApiClient
  beforeAll(async () => {
    people = await signUp(house.url)
    population = await populate(people, 'kilimandjaro')
    client = (await makeKey(people, { url: house.url, kind: 'PARTNER' })).client
    // What somebody else has proposed is not there for a partner.
    population.approval = await propose(client, population.document)
  })

  test('of every field, argument, value and type outside of the contract a partner finds nothing, not even the name', async () => {
    const hidden = hiddenIn(api, partner)
    expect(hidden.length).toBeGreaterThan(300)
    const names = namesOf(partner)
    for (const { what, document, told } of hidden) {
      const { data, errors } = await client.answer(document)
      const messages = (errors ?? []).map(({ message }) => message)
      expect([what, data ?? null, messages.some((message) => message.startsWith(told))]).toEqual([what, null, true])
      expect([what, messages.flatMap(suggestedIn).filter((name) => !names.has(name))]).toEqual([what, []])
    }
  })

  test('asked for its schema, the house tells a partner the contract to the letter', async () => {
    const answer = await client.ask<IntrospectionQuery>(getIntrospectionQuery({ inputValueDeprecation: true }))
    const told = printSchema(lexicographicSortSchema(buildClientSchema(answer)))
    expect(told.trim()).toBe(printSchema(lexicographicSortSchema(partner)).trim())
    for (const type of ['Client', 'Entity', 'Member', 'Webhook', '_Entity', 'join__Graph'])
      expect(await client.ask(`{ __type(name: "${type}") { name } }`)).toEqual({ __type: null })
  })

  test('everything in the contract is answered', async () => {
    const asked = new Set<string>()
    const questions = [
      ...listDoors(partner, 4)
        .filter(({ kind }) => kind !== 'subscription')
        .map((door) => ({ what: door.name, document: door.document, variables: variablesFor(door, population) })),
      ...furtherQuestions(population),
    ]
    for (const { what, document, variables } of questions) {
      collect(partner, document, asked)
      const { data, errors } = await client.answer<Record<string, { __typename?: string } | null>>(document, variables)
      expect([what, errors ?? [], Object.values(data ?? {}).every((value) => value !== null)]).toEqual([what, [], true])
    }
    const socket = client.socket()
    for (const document of listDoors(partner, 4).filter(({ kind }) => kind === 'subscription')) {
      collect(partner, document.document, asked)
      const event = await firstOf(socket, document, variablesFor(document, population))
      expect([document.name, event]).toEqual([
        document.name,
        expect.objectContaining({ data: expect.anything() as unknown }),
      ])
      expect([document.name, event]).not.toEqual([
        document.name,
        expect.objectContaining({ errors: expect.anything() as unknown }),
      ])
    }
    await socket.dispose()
    const all = objectFields(partner).filter((coordinate) => !refusalsAndRare.test(coordinate))
    expect(all.filter((coordinate) => !asked.has(coordinate))).toEqual([])
  })

  test('a partner is told no type outside of the contract where a field could answer with one', async () => {
    const { data, errors } = await client.answer<{ shipment: { documents: unknown; __typename: string } }>(
      `query ($id: ID!) { shipment(id: $id) { __typename ... on Node { __typename id } documents { nodes { __typename title } } } }`,
      { id: population.shipment },
    )
    expect(errors).toBeUndefined()
    expect(data?.shipment.__typename).toBe('Shipment')
  })
}

/** Never in an answer to questions that are right. */
const refusalsAndRare =
  /^(EngineUnavailable|NotFound|NotAllowed|InvalidInput|QuotaExceeded|Field|IngestionError|SpeechSegment)\./

async function propose(client: ApiClient, documentId: string): Promise<string> {
  const { proposeAction } = await client.ask<{ proposeAction: { id: string } }>(
    `mutation ($payload: JSON!) { proposeAction(kind: "DOCUMENT_DELETION", payload: $payload) { ... on Approval { id } } }`,
    { payload: { documentId } },
  )
  return proposeAction.id
}

function variablesFor(door: Door, population: Population): Record<string, unknown> {
  const values = listPlaces(door)
    .filter(({ required, path }) => required || door.name === 'shipment' || path[0] === 'after')
    .filter(({ path }) => !(door.name === 'shipment' && path[0] === 'trackingNumber'))
    .filter(({ path }) => door.kind === 'subscription' || path[0] !== 'after')
    .map((place) => ({
      path: place.path,
      value: place.path[0] === 'after' ? '0' : goodValue(door.name, place, population),
    }))
  return toVariables(values)
}

/** What `listDoors` leaves out: pages, and what lies deeper than it looks. */
function furtherQuestions({ document, shipment }: Population) {
  const page = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }'
  const status =
    'status { cursor stage progress degraded updatedAt error { code message } stages { stage startedAt finishedAt } }'
  return [
    {
      what: 'edges',
      document: `query ($document: ID!, $shipment: ID!) {
        documents { ${page} edges { cursor node { id ${status} fields { name } } } }
        approvals { ${page} edges { cursor node { id } } }
        shipments { ${page} edges { cursor node { id events { ${page} edges { cursor node { id } } } documents { ${page} edges { cursor node { id } } } } } }
        search(query: "chauffeur") { mode ${page} edges { cursor node { score chunk { id document { id } boxes { page box { x y width height } } } } } }
        document(id: $document) { chunks { ${page} edges { cursor node { id index } } } }
        shipment(id: $shipment) { events { nodes { id } } } }`,
      variables: { document, shipment },
    },
    {
      what: 'page',
      document: `query ($document: ID!) { document(id: $document) { page(number: 1) { number width height text recognized confidence startMs endMs
        segments { startMs } words { text confidence box { x y width height } } } } }`,
      variables: { document },
    },
  ]
}

/** Notes the fields that a document asks for, as `Type.field`. */
function collect(schema: GraphQLSchema, document: string, into: Set<string>): void {
  const typeInfo = new TypeInfo(schema)
  visit(
    parse(document),
    visitWithTypeInfo(typeInfo, {
      Field: ({ name }) => void into.add(`${typeInfo.getParentType()?.name}.${name.value}`),
    }),
  )
}

function objectFields(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`))
}

function firstOf(
  socket: ReturnType<ApiClient['socket']>,
  { document: query }: Door,
  variables: Record<string, unknown>,
): Promise<unknown> {
  return new Promise((resolve) => {
    const leave = socket.subscribe(
      { query, variables },
      {
        next(event) {
          resolve(event)
          leave()
        },
        error: resolve,
        complete: () => resolve('ended'),
      },
    )
  })
}
