import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@passerelle/platform/schema'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { openTestDocuments, type TestDocuments } from '../documents.testing.ts'

let town: TestDocuments

beforeAll(async () => {
  town = await openTestDocuments()
})

afterAll(() => town.close())

/** What the gateway asks for a record that another subgraph owns. */
async function documentsOf(viewer: Viewer, linkKeys: string[]): Promise<string[]> {
  const { data, errors } = await town.client.ask<{
    _entities: { documents: { totalCount: number; nodes: { id: string }[] } }[]
  }>(
    viewer,
    `query ($record: _Any!) { _entities(representations: [$record]) { ... on Shipment { documents { totalCount nodes { id } } } } }`,
    { record: { __typename: 'Shipment', id: 'shp_x', linkKeys } },
  )
  expect(errors).toEqual([])
  const found = data._entities[0]?.documents
  expect(found?.totalCount).toBe(found?.nodes.length)
  return found?.nodes.map(({ id }) => id) ?? []
}

test('a record finds its documents by identifier, by name, and by a tracking number that no rule knows', async () => {
  const [viewer, other] = [createTestViewer(), createTestViewer()]
  const labelled = await town.read(
    viewer,
    'suivi.txt',
    'Votre colis. N° de suivi : 6A54740512216. Merci de votre confiance.',
  )
  const bare = await town.read(viewer, 'note.txt', 'Le transporteur annonce PSR-2026-00417 pour demain matin.')
  const named = await town.read(
    viewer,
    'lettre.txt',
    'Transports Durand SARL\n12 rue des Lilas, 44000 Nantes\n\nMadame, Monsieur, veuillez trouver notre offre.',
  )
  expect(await documentsOf(viewer, ['TRACKING_NUMBER:6A54740512216'])).toEqual([labelled])
  expect(await documentsOf(viewer, ['TRACKING_NUMBER:PSR202600417'])).toEqual([bare])
  expect(await documentsOf(viewer, ['NAME:transports durand'])).toEqual([named])
  expect(await documentsOf(viewer, ['SIREN:732829320'])).toEqual([])
  expect(await documentsOf(viewer, [])).toEqual([])
  expect(
    await documentsOf(other, [
      'TRACKING_NUMBER:6A54740512216',
      'TRACKING_NUMBER:PSR202600417',
      'NAME:transports durand',
    ]),
  ).toEqual([])
})
