import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiClient, logIn, settled, type ApiClient } from './client.ts'
import { askDatabase } from './inside.ts'
import { preparePasserelle, type Passerelle } from './passerelle.ts'

const password = 'un long mot de passe'
const canary = { names: ['Zoé Canari'], emails: ['zoe@canari-jaune.example'], phones: ['06 12 34 56 78'] }
/** As any store might spell her. */
const traces = /zo[eé]\s+canari|canari\s+zo[eé]|canari-jaune|canar\b|canari|0?6 ?12 ?34 ?56 ?78|33612345678/i

let folder: string
let house: Passerelle
let ada: ApiClient
let second: ApiClient
let requestId: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-erasure-'))
  house = await preparePasserelle({ PASSERELLE_DEMO: 'off', LOG_LEVEL: 'debug' })
  await house.start()
  ada = await register('ada', 'Fret Sud')
  second = await joinAs('bea', ada)
  await fill()
})
afterAll(async () => {
  await house.remove()
  await rm(folder, { recursive: true, force: true })
})

async function register(name: string, organizationName: string): Promise<ApiClient> {
  const { signUp: session } = await createApiClient(house.url, null).ask<{ signUp: { accessToken: string } }>(
    `mutation ($email: String!, $organizationName: String!) {
      signUp(email: $email, password: "${password}", name: "Ada", organizationName: $organizationName) { ... on Session { accessToken } } }`,
    { email: `${name}@maison.example`, organizationName },
  )
  return createApiClient(house.url, session.accessToken)
}

async function organizationOf(client: ApiClient): Promise<string> {
  return (await client.ask<{ viewer: { organization: { id: string } } }>('{ viewer { organization { id } } }')).viewer
    .organization.id
}

/** Somebody else who may decide in the organisation of `client`. */
async function joinAs(name: string, client: ApiClient): Promise<ApiClient> {
  const organizationId = await organizationOf(client)
  const other = await register(name, 'Ailleurs')
  const { viewer } = await other.ask<{ viewer: { user: { id: string } } }>('{ viewer { user { id } } }')
  await askDatabase(house, `insert into tenancy.member (organization_id, user_id, roles) values ($1, $2, '{ADMIN}')`, [
    organizationId,
    viewer.user.id,
  ])
  const { switchOrganization } = await other.ask<{ switchOrganization: { accessToken: string } }>(
    'mutation ($id: ID!) { switchOrganization(organizationId: $id) { ... on Session { accessToken } } }',
    { id: organizationId },
  )
  return createApiClient(house.url, switchOrganization.accessToken)
}

/** She is a client, a flat is called after her and hers, she stays in it, notes and a letter name her, and somebody has asked about her. */
async function fill(): Promise<void> {
  const letter = `Compte rendu de visite du 3 mars 2026

Madame Zoé Canari nous a reçus à Lyon. Elle demande une livraison le matin, zoe@canari-jaune.example ou 06 12 34 56 78.
Le chauffeur Paul Durand a confirmé le rendez-vous avec la société Transports Bleus SARL.`
  await ada.upload('visite Zoé Canari.txt', Buffer.from(letter))
  await settled(ada)
  const { createClient } = await ada.ask<{ createClient: { id: string } }>(
    `mutation ($input: CreateClientInput!) { createClient(input: $input) { ... on Client { id } } }`,
    { input: { name: 'Mme Zoé Canari', email: canary.emails[0], phone: canary.phones[0] } },
  )
  await ada.ask(
    `mutation ($client: ID!, $email: String!) {
      createClientLink(input: { clientId: $client, label: "Téléphone de Zoé Canari", sendMail: true }) { __typename }
      inviteClient(input: { clientId: $client, email: $email }) { __typename } }`,
    { client: createClient.id, email: canary.emails[0] },
  )
  const { createProperty } = await ada.ask<{ createProperty: { id: string } }>(
    `mutation ($owner: ID!) { createProperty(input: { name: "Appartement Zoé Canari", ownerId: $owner }) { ... on Property { id } } }`,
    { owner: createClient.id },
  )
  const stay = {
    propertyId: createProperty.id,
    clientId: createClient.id,
    arrival: '2026-12-20',
    departure: '2026-12-27',
  }
  await ada.ask(`mutation ($input: CreateBookingInput!) { createBooking(input: $input) { __typename } }`, {
    input: { ...stay, reference: 'Canari Zoé', note: 'Lit bébé pour Zoé Canari' },
  })
  const { createServiceRequest } = await ada.ask<{ createServiceRequest: { id: string } }>(
    `mutation ($client: ID!) { createServiceRequest(input: { kind: LINEN, title: "Draps pour Zoé Canari", description: "Chez Mme Canari Zoé", clientId: $client }) { ... on ServiceRequest { id } } }`,
    { client: createClient.id },
  )
  await ada.ask(
    `mutation ($id: ID!) { addServiceRequestMessage(input: { serviceRequestId: $id, text: "Appeler le 06 12 34 56 78" }) { __typename } }`,
    { id: createServiceRequest.id },
  )
  const { createShipment } = await ada.ask<{ createShipment: { id: string } }>(
    `mutation { createShipment(input: { trackingNumber: "6A12345678901", reference: "colis Canari Zoé" }) { ... on Shipment { id } } }`,
  )
  await ada.ask(
    `mutation ($id: ID!) { recordShipmentEvent(input: { shipmentId: $id, status: PICKED_UP, note: "remis à Zoé Canari" }) { __typename } }`,
    { id: createShipment.id },
  )
  await ask(ada)
}

function ask(client: ApiClient): Promise<object> {
  return client.ask(
    `mutation { ask(input: { question: "Quel rendez-vous a Zoé Canari ?" }) { __typename ... on Answer { text abstained sentences { text citations { excerpt } } } } }`,
  )
}

/** Every row of every table, the queues' included, as text. */
async function dump(): Promise<string> {
  const tables = await askDatabase<{ name: string }>(
    house,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  const texts: string[] = []
  for (const { name } of tables)
    for (const { line } of await askDatabase<{ line: string }>(house, `select held::text as line from ${name} as held`))
      texts.push(`${name}: ${line}`)
  return texts.join('\n')
}

/** Every file of the data folder but PostgreSQL's own, as text. */
async function files(): Promise<[name: string, text: string][]> {
  const entries = await readdir(house.data, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(join(house.data, 'postgres')))
  return Promise.all(paths.map(async (path) => [path, (await readFile(path)).toString('utf8')] as [string, string]))
}

const found = (text: string): string | undefined => text.split('\n').find((line) => traces.test(line))

async function expectGone(client: ApiClient): Promise<void> {
  const seen = await client.ask<object>(`{
    search(query: "Canari", first: 10) { nodes { chunk { text } } }
    clients(first: 10) { nodes { name email } } properties(first: 10) { nodes { name } } bookings(first: 10) { nodes { reference note client { name } } }
    serviceRequests(first: 10) { nodes { title description client { name } messages { nodes { text } } } }
    shipments(first: 10) { nodes { reference events(first: 10) { nodes { note } } } }
    documents(first: 10) { nodes { title filename fileUrl chunks(first: 10) { nodes { text } } } }
    entities(first: 100) { nodes { name aliases } }
    conversations(first: 10) { nodes { title answers(first: 10) { nodes { question text sentences { text citations { excerpt } } } } } } }`)
  expect(found(JSON.stringify(seen, null, 1))).toBeUndefined()
  expect(found(await dump())).toBeUndefined()
  for (const [name, text] of await files()) expect([name, found(text)?.slice(0, 200)]).toEqual([name, undefined])
}

test('before, she is in every store', async () => {
  expect(found(await dump())).toBeDefined()
  expect((await house.verb(['backup', join(folder, 'monday')])).code).toBe(0)
  const { personalData } = await ada.ask<{ personalData: { store: string; count: number }[] }>(
    'query ($subject: DataSubjectInput!) { personalData(subject: $subject) { store count } }',
    { subject: canary },
  )
  expect(personalData.map(({ store }) => store).toSorted()).toEqual([
    'ai.answer',
    'ai.conversation',
    'blobs.file',
    'conciergerie.booking',
    'conciergerie.client',
    'conciergerie.property',
    'conciergerie.service_request',
    'conciergerie.service_request_message',
    'documents.chunk',
    'documents.document',
    'documents.mention',
    'documents.page',
    'graph.entity',
    'logistics.shipment',
    'logistics.shipment_event',
    'platform.mail',
    'search.point',
    'tenancy.client_link',
    'tenancy.invitation',
  ])
})

test('she is erased once a second person has said yes, and no store, search, path, answer or log returns her', async () => {
  const { erasePersonalData } = await ada.ask<{ erasePersonalData: { id: string; approvalId: string } }>(
    `mutation ($subject: DataSubjectInput!) { erasePersonalData(subject: $subject, choice: REDACT_MENTIONS) {
      __typename ... on PrivacyRequest { id approvalId } ... on Refusal { message } } }`,
    { subject: canary },
  )
  requestId = erasePersonalData.id
  const decide = (client: ApiClient) =>
    client.ask<{ approveAction: { __typename: string } }>(
      'mutation ($id: ID!) { approveAction(id: $id) { __typename } }',
      { id: erasePersonalData.approvalId },
    )
  expect((await decide(ada)).approveAction.__typename).not.toBe('Approval')
  expect((await decide(second)).approveAction.__typename).toBe('Approval')
  const { receipt } = await done(requestId)
  expect(found(receipt)).toBeUndefined()
  const { verifyReceipt } = await ada.ask<{ verifyReceipt: object }>(
    'query ($receipt: String!) { verifyReceipt(receipt: $receipt) { isReceipt isSigned isOurs } }',
    { receipt },
  )
  expect(verifyReceipt).toEqual({ isReceipt: true, isSigned: true, isOurs: true })
  await house.stop()
  await house.start()
  await expectGone(createApiClient(house.url, ada.token))
  expect(found(house.output)).toBeUndefined()
})

async function done(id: string): Promise<{ state: string; receipt: string }> {
  for (const until = Date.now() + 180_000; ;) {
    const { privacyRequests } = await ada.ask<{
      privacyRequests: { nodes: { id: string; state: string; receipt: string }[] }
    }>('{ privacyRequests(first: 10) { nodes { id state receipt } } }')
    const request = privacyRequests.nodes.find((one) => one.id === id)
    if (request?.state === 'DONE') return request
    if (Date.now() > until) throw new Error(`It is ${request?.state}:\n${house.output.slice(-4_000)}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

test('a backup from before is put back, and she is erased again before anybody is served', async () => {
  await house.stop()
  const { code, output } = await house.verb(['restore', join(folder, 'monday'), '--replace'])
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('is erased again at the next start') })
  await house.start()
  const again = await logIn(house.url, 'ada@maison.example', password)
  if (!again) throw new Error('Ada cannot log in.')
  await expectGone(again)
})
