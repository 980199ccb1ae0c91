import { readFile } from 'node:fs/promises'
import { expect } from 'vitest'
import { createApiClient, settled, type ApiClient } from '../client.ts'

/** What is uploaded, beside letters. */
export const papers = ['docfr-cmr-01.pdf', 'docfr-facture-01.pdf', 'docfr-facture-00__scan.jpg']
export const sample = (name: string) => readFile(new URL(`../../samples/business/${name}`, import.meta.url))
export const letter = (number: number) =>
  Buffer.from(
    `Lettre ${number} du navire Kerguelen. Le transporteur est Fret Atlantique, 44000 Nantes, SIREN 732 829 320.`,
  )

/** What is told of an answer, with where each sentence comes from. */
const answer = `question mode abstained model text sentences { text supported
  citations { marker page excerpt confidence boxes { page box { x y width height } } document { id title } chunk { id } } }`

/** Everything that people see of an organisation, with its ids. */
const looks = {
  documents: `{ documents(first: 50) { totalCount nodes { id title kind language pageCount size createdAt status { stage degraded } fields { name value }
    collections { id name } entities(first: 50) { totalCount nodes { id } } chunks(first: 50) { nodes { id text } } } } }`,
  byWords: '{ search(query: "transporteur Kerguelen", first: 20) { nodes { score chunk { id } highlights } } }',
  byNumber: '{ search(query: "9405756", first: 20) { nodes { score chunk { id } highlights } } }',
  answers: `{ conversations(first: 10) { nodes { id title answers(first: 10) { nodes { id ${answer} } } } } }`,
  entities: '{ entities(first: 100) { totalCount nodes { id type kind name aliases documents { totalCount } } } }',
  graph: `{ entities(search: "Fret Atlantique", first: 1) { nodes { name timeline(first: 50) { nodes { at } } coMentions(first: 20) { nodes { entity { id } documents } }
    neighbours(depth: 2) { nodes { weight relation distance via { id } entity { id } } } } } }`,
  statistics: `{ graphStatistics { documents documentsWithoutEntities entities relations entitiesPerDocument entitiesByType { type count } relationsByType { type count } } }`,
  shipments:
    '{ shipments(first: 5) { nodes { id trackingNumber status entity { id } documents { nodes { id } } events(first: 10) { nodes { status } } } } }',
  members: '{ viewer { roles organization { id name } } }',
}

/** Somebody of a new organisation who can log in again. */
export async function register(url: string, email: string, password: string): Promise<ApiClient> {
  const { signUp: session } = await createApiClient(url, null).ask<{ signUp: { accessToken: string } }>(
    `mutation ($email: String!, $password: String!) { signUp(email: $email, password: $password, name: "Ada", organizationName: "Fret Sud") { ... on Session { accessToken } } }`,
    { email, password },
  )
  return createApiClient(url, session.accessToken)
}

/** A shipment, the papers and four letters, read to their end. */
export async function fill(client: ApiClient): Promise<ApiClient> {
  await client.ask('mutation { createShipment(input: { trackingNumber: "6A12345678901" }) { __typename } }')
  const ids: string[] = []
  for (const name of papers) ids.push(await client.upload(name, await sample(name)))
  for (let number = 0; number < 4; number++) ids.push(await client.upload(`lettre-${number}.txt`, letter(number)))
  expect((await settled(client)).map(({ status }) => status.stage)).toEqual(ids.map(() => 'READY'))
  return client
}

/** Everything that the client sees. */
export async function look(client: ApiClient): Promise<Record<string, unknown>> {
  const seen = await Promise.all(
    Object.entries(looks).map(async ([name, query]) => [name, await client.answer(query)] as const),
  )
  expect(seen.filter(([, { errors }]) => errors)).toEqual([])
  return Object.fromEntries(seen.map(([name, { data }]) => [name, data]))
}

export const ask = (client: ApiClient) =>
  client.ask(
    `mutation { ask(input: { question: "Quel est le transporteur de la lettre 2 ?" }) { __typename ... on Answer { ${answer} } } }`,
  )
