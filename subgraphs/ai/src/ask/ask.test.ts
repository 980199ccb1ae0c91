import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { buildSchema, validate } from 'graphql'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { deliveryNote, houseRules, invoice } from './papers.testing.ts'
import { ask, listenToEnd, tokensOf, useStage } from '../stage.testing.ts'

const stage = useStage()

function someone() {
  const viewer = createTestViewer()
  const ids = {
    invoice: stage.library.add(viewer.organizationId, { title: 'Facture Kerouac', pages: [invoice] }),
    note: stage.library.add(viewer.organizationId, { title: 'Bon de livraison', pages: [deliveryNote] }),
    rules: stage.library.add(viewer.organizationId, { title: "Livret d'accueil", pages: [houseRules] }),
  }
  return { viewer, ids }
}

test('an answer quotes the words that hold it and cites their document, page and place', async () => {
  const { viewer, ids } = someone()
  const answer = await ask(stage, viewer, { question: 'Quel est le total TTC de la facture FA-2025-0417 ?' })
  expect(answer).toMatchObject({
    text: 'Total TTC 648,00 €',
    abstained: false,
    mode: 'EXTRACTIVE',
    model: null,
    sentences: [{ text: 'Total TTC 648,00 €', supported: true }],
  })
  const [citation] = answer.sentences[0]?.citations ?? []
  expect(citation).toMatchObject({ page: 1, excerpt: 'Total TTC 648,00 €', document: { id: ids.invoice } })
  expect(citation?.marker).toBe(`[DOC:${ids.invoice.slice(-8)}-0]`)
  const row = invoice.split('\n').findIndex((line) => line.startsWith('Total TTC'))
  expect(citation?.boxes).toMatchObject([{ page: 1, box: { x: 0, y: row / 50 } }])
  expect(citation?.boxes[0]?.box.width).toBeCloseTo(0.18)
  expect(citation?.confidence).toBeGreaterThan(0.8)
})

test('a question that nothing answers is abstained, in its language, with the way to a person', async () => {
  const { viewer } = someone()
  expect(await ask(stage, viewer, { question: 'Quelle est la capitale de l’Australie ?' })).toMatchObject({
    abstained: true,
    text: expect.stringMatching(/^Je ne sais pas.*Demandez à une personne/),
    sentences: [],
    mode: 'EXTRACTIVE',
  })
  expect(await ask(stage, viewer, { question: 'What is the capital of Australia?' })).toMatchObject({
    abstained: true,
    text: expect.stringMatching(/^I don’t know.*Ask a person/),
  })
  expect(await ask(stage, createTestViewer(), { question: 'Quel est le total TTC ?' })).toMatchObject({
    abstained: true,
  })
})

test('another number than the one asked about is no answer', async () => {
  const { viewer } = someone()
  expect(await ask(stage, viewer, { question: 'Quel est le total TTC de la facture FA-2025-0418 ?' })).toMatchObject({
    abstained: true,
  })
})

test('the streamed words are the text of the answer that ends them', async () => {
  const { viewer } = someone()
  const input = { question: 'À quelle heure faut-il partir, et où sont les clés ?' }
  const events = await listenToEnd(stage, viewer, input)
  const last = events.at(-1)
  expect(last).toMatchObject({ __typename: 'Answer', abstained: false })
  expect(tokensOf(events)).toBe(last && 'text' in last && last.text)
  expect(tokensOf(events)).toContain('au plus tard à 10 h')
})

test('what stands on another page of the document that a reference names is found', async () => {
  const viewer = createTestViewer()
  const filler = Array.from(
    { length: 12 },
    (_none, index) => `Palette Europe lot ${index}\t4\t70,00\t20 %\t280,00 €`,
  ).join('\n')
  for (const number of ['FA-1001', 'FA-1002', 'FA-1003']) {
    const last = `Total HT\t3 360,00 €\nTotal TTC\t4 0${number.slice(-2)},00 €`
    stage.library.add(viewer.organizationId, { title: number, pages: [`Facture\t${number}\n${filler}`, filler, last] })
  }
  const answer = await ask(stage, viewer, { question: 'Quel est le total TTC de la facture FA-1002 ?', topK: 4 })
  expect(answer.text).toBe('Total TTC 4 002,00 €')
  expect(answer.sentences[0]?.citations[0]?.page).toBe(3)
})

test('words that run over the end of a page are cited on both', async () => {
  const viewer = createTestViewer()
  stage.library.add(viewer.organizationId, {
    title: 'Contrat',
    pages: ['Le contrat prend effet le 1er avril et sa durée est fixée à', 'dix-huit mois à compter de la signature.'],
    perPassage: 2,
  })
  const answer = await ask(stage, viewer, { question: 'Quelle est la durée du contrat ?' })
  const [citation] = answer.sentences[0]?.citations ?? []
  expect(citation).toMatchObject({ page: 1, boxes: [{ page: 1 }, { page: 2 }] })
})

test('chosen documents are read even where no word of the question is in them, and no other one is', async () => {
  const { viewer, ids } = someone()
  const english = { question: 'What time is check-out?' }
  expect(await ask(stage, viewer, { ...english, documentIds: [ids.rules] })).toMatchObject({
    text: 'Le logement est libéré au plus tard à 10 h le jour du départ.',
  })
  expect(await ask(stage, viewer, { ...english, documentIds: [ids.invoice] })).toMatchObject({ abstained: true })
  expect(await ask(stage, viewer, { ...english, documentIds: [] })).toMatchObject({ abstained: true })
})

test('chosen collections are asked alone, also before records are', async () => {
  const viewer = createTestViewer()
  const add = (title: string, hour: string) =>
    stage.library.add(viewer.organizationId, {
      title,
      pages: [`Le logement est libéré au plus tard à ${hour} le jour du départ.`],
      collectionId: `col_${title}`,
    })
  const [north, south] = [add('nord', '10 h'), add('sud', '11 h')]
  const question = 'À quelle heure le logement est-il libéré ?'
  expect((await ask(stage, viewer, { question, collectionIds: ['col_sud'] })).text).toContain('11 h')
  expect((await ask(stage, viewer, { question, collectionIds: ['col_sud'], documentIds: [south] })).text).toContain(
    '11 h',
  )
  for (const none of [
    { collectionIds: ['col_sud'], documentIds: [north] },
    { collectionIds: ['col_est'] },
    { collectionIds: [] },
  ])
    expect(await ask(stage, viewer, { question, ...none })).toMatchObject({ abstained: true })
})

test('a follow-up asks the same of another document, or something else of the same', async () => {
  const { viewer } = someone()
  const { conversationId } = await ask(stage, viewer, { question: 'Qui est le destinataire du bon BL-70233 ?' })
  const next = async (question: string) => (await ask(stage, viewer, { question, conversationId })).text
  expect(await next('Et son numéro de commande ?')).toContain('CDE-1177')
  expect(await next('Et pour la facture FA-2025-0417 ?')).toContain('CDE-9921')
  expect(await next('Quand faut-il la régler ?')).toContain('05/03/2025')
})

test('a citation outlives its source', async () => {
  const { viewer, ids } = someone()
  const { id, sentences } = await ask(stage, viewer, { question: 'Quel est le poids brut de BL-70233 ?' })
  stage.library.remove(ids.note)
  const text = 'query ($id: ID!) { answer(id: $id) { sentences { citations { page excerpt boxes { page } } } } }'
  const { data } = await stage.client.ask<{ answer: { sentences: unknown[] } }>(viewer, text, { id })
  expect(data.answer.sentences).toMatchObject([
    { citations: [{ page: 1, excerpt: sentences[0]?.citations[0]?.excerpt, boxes: [{ page: 1 }, { page: 1 }] }] },
  ])
})

test('what is read of the graph is what the public contract offers', async () => {
  const { viewer, ids } = someone()
  await ask(stage, viewer, { question: 'Combien de colis pour BL-70233 ?' })
  await ask(stage, viewer, { question: 'Quand part-on ?', documentIds: [ids.rules] })
  const contract = readFileSync(new URL('../../../../graph-schema/contract.graphql', import.meta.url), 'utf8')
  const published = buildSchema(contract, { assumeValidSDL: true })
  const operations = new Set(stage.library.operations.map(({ document }) => document))
  expect(operations.size).toBe(3)
  for (const document of operations) expect(validate(published, document)).toEqual([])
})
