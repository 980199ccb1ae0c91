import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EntityType } from '@passerelle/platform/graph'
import { entityId, nameKey } from '@passerelle/platform/identifiers'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import type { Viewer } from '@passerelle/platform/schema'
import { openTestDocuments, type TestDocuments } from '../documents.testing.ts'

let town: TestDocuments
beforeAll(async () => {
  town = await openTestDocuments()
})
afterAll(() => town.close())

interface MentionNode {
  relation: string
  page: number
  excerpt: string
  boxes: unknown[]
  extractor: string
  confidence: number
  document: { id: string }
  chunk: { index: number; text: string; document: { id: string } } | null
}

/** The mentions of an entity, as the gateway asks for them. */
async function mentionsOf(
  viewer: Viewer,
  type: EntityType,
  name: { kind?: string; key: string },
): Promise<MentionNode[]> {
  const id = entityId({ organizationId: viewer.organizationId, type, kind: name.kind ?? null, key: name.key })
  const { _entities } = await town.client.data<{ _entities: { mentions: { nodes: MentionNode[] } }[] }>(
    viewer,
    `query ($entity: _Any!) { _entities(representations: [$entity]) { ... on Entity { mentions { nodes {
      relation page excerpt extractor confidence boxes { page } document { id } chunk { index text document { id } } } } } } }`,
    { entity: { __typename: 'Entity', id } },
  )
  return _entities[0]?.mentions.nodes ?? []
}

const letter = `Garage Müller
3 place de l’Église, 76600 Le Havre

Affrètement Kermadec SAS
Service réclamations
76600 Le Havre

Le Havre, le 13 novembre 2023

Objet : sinistre du 25 octobre, envoi 6A54740512216

Madame, Monsieur,

L’envoi 6A54740512216 nous est parvenu écrasé. Le Garage Müller demande son remboursement.

Veuillez agréer, Madame, Monsieur, nos salutations distinguées.`

test('a letter is from its sender, about what its subject says, and every mention has its passage', async () => {
  const viewer = createTestViewer()
  const id = await town.read(viewer, 'reclamation.txt', letter)
  const sender = await mentionsOf(viewer, 'ORGANIZATION', { key: nameKey('Garage Müller') })
  expect(sender.map(({ relation }) => relation)).toEqual(['WRITTEN_BY', 'MENTIONS'])
  const [recipient] = await mentionsOf(viewer, 'ORGANIZATION', { key: nameKey('Affrètement Kermadec SAS') })
  expect(recipient?.relation).toBe('MENTIONS')
  const number = await mentionsOf(viewer, 'IDENTIFIER', { kind: 'TRACKING_NUMBER', key: '6A54740512216' })
  expect(number.map(({ relation }) => relation)).toEqual(['ABOUT', 'MENTIONS'])
  const [claim] = await mentionsOf(viewer, 'EVENT', { key: 'claim 2023-10-25' })
  expect(claim).toMatchObject({
    relation: 'ABOUT',
    page: 1,
    extractor: 'rules',
    boxes: [{ page: 1 }],
    document: { id },
  })
  for (const mention of [...sender, ...number]) expect(mention.chunk).toMatchObject({ index: 0, document: { id } })
})

test('a mention of a long document leads to the passage that holds it', async () => {
  const viewer = createTestViewer()
  const filler = Array.from(
    { length: 90 },
    (_, index) => `Le paragraphe ${index} parle de la pluie et du beau temps sur le port de commerce.\n\n`,
  )
  await town.read(viewer, 'long.txt', `${filler.join('')}Envoi 6A54740512216.\n\n${filler.join('')}`)
  const [mention] = await mentionsOf(viewer, 'IDENTIFIER', { kind: 'TRACKING_NUMBER', key: '6A54740512216' })
  expect(mention?.chunk?.index).toBeGreaterThan(1)
  expect(mention?.chunk?.text).toContain('6A54740512216')
})

test('mentions stay inside their organisation', async () => {
  const viewer = createTestViewer()
  await town.read(viewer, 'reclamation.txt', letter)
  const foreign = { ...createTestViewer(), organizationId: viewer.organizationId }
  expect(await mentionsOf(foreign, 'EVENT', { key: 'claim 2023-10-25' })).toHaveLength(1)
  const id = entityId({ organizationId: viewer.organizationId, type: 'EVENT', kind: null, key: 'claim 2023-10-25' })
  const { _entities } = await town.client.data<{ _entities: { mentions: { nodes: unknown[] } }[] }>(
    createTestViewer(),
    `query ($entity: _Any!) { _entities(representations: [$entity]) { ... on Entity { mentions { nodes { relation } } } } }`,
    { entity: { __typename: 'Entity', id } },
  )
  expect(_entities[0]?.mentions.nodes).toEqual([])
})

test('the graph names for each relation the document, the page, the words and the passage, and again when it is filled anew', async () => {
  const viewer = createTestViewer()
  const { organizationId } = viewer
  const text = `FACTURE\n\nTransports Durand SAS – RCS Nantes 732 829 320\n\nMontant à payer : 120,00 EUR`
  const id = await town.read(viewer, 'facture.txt', text)
  const [from, to] = [
    entityId({ organizationId, type: 'IDENTIFIER', kind: 'SIREN', key: '732829320' }),
    entityId({ organizationId, type: 'ORGANIZATION', kind: null, key: nameKey('Transports Durand SAS') }),
  ]
  const { graph } = town.platform
  const sources = async () => {
    const [found] = await graph.relationSources(organizationId, {
      relations: [{ from, to, type: 'IDENTIFIES' }],
      limit: 5,
    })
    return found
  }
  const before = await sources()
  expect(before).toMatchObject([{ documentId: id, place: { page: 1, chunk: 0 }, confidence: 0.9, extractor: 'rules' }])
  expect(before?.[0]?.place?.boxes).toHaveLength(2)
  await graph.forgetDocument(organizationId, id)
  expect(await sources()).toEqual([])
  await graph.setApplied(organizationId, 'documents.graph', '0')
  await town.read(viewer, 'autre.txt', 'Rien de plus.')
  await expect.poll(sources, { timeout: 30_000, interval: 100 }).toEqual(before)
})
