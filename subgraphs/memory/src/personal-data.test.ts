import { expect, test } from 'vitest'
import { entityId, nameKey } from '@passerelle/platform/identifiers'
import { createSubject, subjectInput } from '@passerelle/platform/privacy'
import type { Viewer } from '@passerelle/platform/schema'
import { createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { memory } from './index.ts'
import { personalData } from './personal-data.ts'

const town = useSubgraph(memory)

function requestOf({ organizationId }: Viewer, userId: string | null = null) {
  const subject = createSubject(organizationId, subjectInput.parse({ names: ['Zoé Canari'], userId }))
  return { organizationId, subject, signal: new AbortController().signal, choice: 'DELETE_DOCUMENTS' as const }
}

test('what anybody said in the last hour is forgotten with a member, for it may name them', async () => {
  const [asker, neighbour] = [createTestViewer(), createTestViewer()]
  const { memory: remembered } = town.platform.coordination
  for (const { organizationId, userId } of [asker, neighbour])
    await remembered.append(
      organizationId,
      `session:${userId}:cnv_1`,
      { value: 'Qui est Zoé Canari ?', size: 1 },
      { maxEntries: 10, maxSize: 1_000, ttlSeconds: 60 },
    )
  await personalData.erase(town.platform, requestOf(asker, 'usr_zoe'))
  const turnsOf = async ({ organizationId, userId }: Viewer) =>
    (await remembered.list(organizationId, `session:${userId}:cnv_1`)).values
  expect(await turnsOf(asker)).toEqual([])
  expect(await turnsOf(neighbour)).toHaveLength(1)
})

test('everything in the graph that is called after a person is found, whichever of their words stands first', async () => {
  const viewer = createTestViewer()
  const { organizationId } = viewer
  const { graph } = town.platform
  const entity = (type: 'PERSON' | 'RECORD', kind: string | null, name: string) => {
    const key = nameKey(name)
    return { id: entityId({ organizationId, type, kind, key }), type, kind, key, name }
  }
  const person = entity('PERSON', null, 'CANARI Zoé')
  const others = [entity('PERSON', null, 'Zoé Canarienne'), entity('PERSON', null, 'Otto Canari')]
  const client = entity('RECORD', 'CLIENT', 'Indivision Zoé Canari')
  await graph.recordRecord(organizationId, {
    entity: client,
    recordType: 'Client',
    recordId: 'cli_1',
    identifiers: [person, ...others],
    change: { at: new Date('2026-03-03T12:00:00Z'), what: 'CREATED' },
  })
  const idsOf = async () => (await personalData.find(town.platform, requestOf(viewer))).flatMap(({ ids }) => ids)
  expect(await idsOf()).toEqual([client.id, person.id].toSorted())
  await graph.forgetRecord(organizationId, client.id)
  expect(await idsOf()).toEqual([])
})
