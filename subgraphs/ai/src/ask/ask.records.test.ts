import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import type { Viewer } from '@passerelle/platform/schema'
import { buildSchema, GraphQLError, validate } from 'graphql'
import { readFileSync } from 'node:fs'
import { beforeEach, expect, test } from 'vitest'
import { deliveryNote, invoice } from './papers.testing.ts'
import { ask, listenToEnd, tokensOf, useStage } from '../stage.testing.ts'

const stage = useStage()
let viewer: Viewer
let ids: { shipment: string; client: string; property: string; invoice: string }

beforeEach(() => {
  viewer = createTestViewer()
  const { library } = stage
  const { organizationId } = viewer
  const shipment = library.addRecords(
    organizationId,
    {
      __typename: 'Shipment',
      trackingNumber: '6A12345678901',
      reference: 'Pièces automobiles',
      status: 'IN_TRANSIT',
      events: [
        { status: 'PICKED_UP', occurredAt: '2026-03-11T08:00:00Z' },
        { status: 'IN_TRANSIT', note: 'parti de Lyon', occurredAt: '2026-03-12T13:10:00Z' },
      ],
    },
    { __typename: 'Shipment', trackingNumber: '6A1234567890', status: 'LOST' },
    {
      __typename: 'Shipment',
      trackingNumber: 'CMR 9405756',
      status: 'DELIVERED',
      events: [{ status: 'DELIVERED', occurredAt: '2026-01-05T09:30:00Z' }],
    },
  )
  const client = library.addRecords(
    organizationId,
    {
      __typename: 'Client',
      name: 'Garage Müller SARL',
      phone: '01 42 68 53 00',
      email: 'contact@muller.fr',
      siren: '732829320',
    },
    { __typename: 'Client', name: 'Boulangerie Noël', phone: '02 40 12 34 56' },
    { __typename: 'Client', name: 'Librairie L’Écritoire' },
  )
  const property = library.addRecords(organizationId, {
    __typename: 'Property',
    name: 'Villa Les Mimosas',
    address: '14 avenue des Pins, 06160 Antibes',
    registrationNumber: '0602900123456',
  })
  const paper = library.add(organizationId, { title: 'Facture Kerouac', pages: [invoice] })
  library.add(organizationId, { title: 'Bon de livraison', pages: [deliveryNote] })
  ids = { shipment, client, property, invoice: paper }
})

test('where a shipment stands is answered from its record, which is the source', async () => {
  const answer = await ask(stage, viewer, { question: 'Où en est l’expédition 6A12345678901 ?' })
  expect(answer).toMatchObject({
    text: 'Expédition 6A12345678901 : en transit, depuis le 12 mars 2026 à 14:10 (« parti de Lyon »).',
    abstained: false,
    mode: 'EXTRACTIVE',
    sentences: [{ supported: true }],
  })
  expect(answer.sentences[0]?.citations).toEqual([
    {
      marker: `[REC:${ids.shipment.slice(-8)}]`,
      page: 0,
      boxes: [],
      excerpt: answer.text,
      confidence: 1,
      document: null,
      chunk: null,
      record: { kind: 'SHIPMENT', id: ids.shipment, title: '6A12345678901' },
    },
  ])
})

test.each([
  ['Quel est le numéro de téléphone du client Garage Müller ?', 'Téléphone de Garage Müller SARL : 01 42 68 53 00.'],
  ['quel est le téléphone du client garage muller', 'Téléphone de Garage Müller SARL : 01 42 68 53 00.'],
  ['Comment joindre Müller, quel est son e-mail ?', 'E-mail de Garage Müller SARL : contact@muller.fr.'],
  ['What is the phone number of Boulangerie Noël?', 'Phone of Boulangerie Noël: 02 40 12 34 56.'],
  [
    'Quel est le téléphone du client dont le SIREN est 732 829 320 ?',
    'Téléphone de Garage Müller SARL : 01 42 68 53 00.',
  ],
  [
    'Quelle est l’adresse de la Villa Les Mimosas ?',
    'Adresse de Villa Les Mimosas : 14 avenue des Pins, 06160 Antibes.',
  ],
  [
    'Quel est le numéro d’enregistrement du bien Mimosas ?',
    'Numéro d’enregistrement de Villa Les Mimosas : 0602900123456.',
  ],
  [
    'Quel est le statut de l’envoi 6A 1234 5678 901 ?',
    'Expédition 6A12345678901 : en transit, depuis le 12 mars 2026 à 14:10 (« parti de Lyon »).',
  ],
  [
    'Quand l’expédition CMR 9405756 a-t-elle été livrée ?',
    'Expédition CMR 9405756 : livrée le 5 janvier 2026 à 10:30.',
  ],
  ['L’expédition 9405756 est-elle livrée ?', 'Expédition CMR 9405756 : livrée, depuis le 5 janvier 2026 à 10:30.'],
  [
    'Where is shipment 6A12345678901?',
    'Shipment 6A12345678901: in transit, since 12 March 2026 at 14:10 (“parti de Lyon”).',
  ],
  [
    'Quand le colis 6A12345678901 a-t-il été livré ?',
    'Expédition 6A12345678901 : en transit, depuis le 12 mars 2026 à 14:10 (« parti de Lyon »).',
  ],
])('%s', async (question, text) => {
  expect((await ask(stage, viewer, { question })).text).toBe(text)
})

test('a question about a paper is asked of the papers, whatever a record holds', async () => {
  expect(await ask(stage, viewer, { question: 'Quel est le total TTC de la facture FA-2025-0417 ?' })).toMatchObject({
    text: 'Total TTC 648,00 €',
    sentences: [{ citations: [{ document: { id: ids.invoice }, record: null }] }],
  })
  const asked = await ask(stage, viewer, {
    question: 'Où en est l’expédition 6A12345678901 ?',
    documentIds: [ids.invoice],
  })
  expect(asked.sentences.flatMap(({ citations }) => citations.map(({ record }) => record)).filter(Boolean)).toEqual([])
})

test.each([
  'Où en est l’expédition 6A99999999999 ?',
  'Quel est le numéro de téléphone du client Librairie L’Écritoire ?',
  'Quel est le téléphone du client Durand ?',
  'Quel est le téléphone du client ?',
])('what no record holds is not invented: %s', async (question) => {
  expect(await ask(stage, viewer, { question })).toMatchObject({ abstained: true })
})

test('a name that several records share is answered for each, and for none when they are too many', async () => {
  const { library } = stage
  const { organizationId } = viewer
  library.addRecords(
    organizationId,
    { __typename: 'Client', name: 'Transports Durand', phone: '0240000001' },
    { __typename: 'Client', name: 'Hôtel Durand', phone: '0240000002' },
  )
  const question = 'Quel est le téléphone du client Durand ?'
  const answer = await ask(stage, viewer, { question })
  expect(answer.sentences.map(({ text }) => text).toSorted()).toEqual([
    'Téléphone de Hôtel Durand : 0240000002.',
    'Téléphone de Transports Durand : 0240000001.',
  ])
  library.addRecords(
    organizationId,
    { __typename: 'Client', name: 'Durand Frères', phone: '0240000003' },
    { __typename: 'Client', name: 'Durand Bois', phone: '0240000004' },
  )
  expect(await ask(stage, viewer, { question })).toMatchObject({ abstained: true })
})

test('a conversation goes on about the record that was named before', async () => {
  const { conversationId } = await ask(stage, viewer, { question: 'Quel est le téléphone de Garage Müller ?' })
  expect(await ask(stage, viewer, { question: 'Et son e-mail ?', conversationId })).toMatchObject({
    text: 'E-mail de Garage Müller SARL : contact@muller.fr.',
  })
})

test('the streamed words are the text of the answer', async () => {
  const events = await listenToEnd(stage, viewer, { question: 'Où en est l’expédition 6A12345678901 ?' })
  const last = events.at(-1)
  expect(tokensOf(events)).toBe(last && 'text' in last && last.text)
})

test('nobody is answered from another organisation’s records, and records that cannot be read leave the documents to answer', async () => {
  const question = 'Où en est l’expédition 6A12345678901 ?'
  expect(await ask(stage, createTestViewer(), { question })).toMatchObject({ abstained: true })
  const { readGraph } = stage.platform
  const refused = new GraphQLError('no', { extensions: { code: 'FORBIDDEN' } })
  stage.platform.readGraph = async (request) =>
    JSON.stringify(request.document).includes('AskShipments') ? { data: null, errors: [refused] } : readGraph(request)
  try {
    expect(await ask(stage, viewer, { question })).toMatchObject({ abstained: true })
  } finally {
    stage.platform.readGraph = readGraph
  }
})

test('records are read by fixed operations of the published schema', () => {
  const published = buildSchema(readFileSync(new URL('../../../../graph-schema/api.graphql', import.meta.url), 'utf8'))
  const operations = new Set(stage.library.operations.map(({ document }) => document))
  expect(operations.size).toBeGreaterThan(3)
  for (const document of operations) expect(validate(published, document)).toEqual([])
})
