import { expect, test } from 'vitest'
import { createSubject, subjectInput } from '@passerelle/platform/privacy'
import type { Viewer } from '@passerelle/platform/schema'
import { createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { conciergerie } from '../index.ts'
import { personalData } from '../personal-data.ts'
import { createRequestKit } from './service-request.testing.ts'

const town = useSubgraph(conciergerie)
const { client, ask, say, titles, read } = createRequestKit(town)

function requestOf({ organizationId }: Viewer) {
  const subject = createSubject(organizationId, subjectInput.parse({ names: ['Zoé Canari'] }))
  return { organizationId, subject, signal: new AbortController().signal, choice: 'REDACT_MENTIONS' as const }
}

/** What she asked for, what was asked for because of her, and what has nothing to do with her; each with two messages. */
async function openHouse() {
  const viewer = createTestViewer()
  const zoe = await client(viewer, 'Zoé Canari')
  const own = await ask(viewer, { title: 'Draps', description: 'Un lit de plus', clientId: zoe })
  const named = await ask(viewer, { title: 'Clés de Zoé Canari', description: 'À rendre à Zoé Canari' })
  const other = await ask(viewer, { title: 'Ampoules', description: 'Cuisine' })
  for (const { id } of [own, named, other]) {
    await say(viewer, id, 'Bonjour')
    await say(viewer, id, id === other.id ? 'Merci' : 'Zoé Canari attend')
  }
  return { viewer, own: own.id, named: named.id, other: other.id }
}

async function held(viewer: Viewer): Promise<Record<string, readonly string[]>> {
  const holdings = await personalData.find(town.platform, requestOf(viewer))
  return Object.fromEntries(holdings.map(({ store, ids }) => [store, ids]))
}

test('who asks what is known of them is told what they asked for, what names them, and what was said there', async () => {
  const { viewer, own, named } = await openHouse()
  await openHouse()
  const found = await held(viewer)
  expect(found['conciergerie.service_request']).toEqual([own, named])
  expect(found['conciergerie.service_request_message']).toHaveLength(3)
  const files = new Map<string, string>()
  for await (const { path, content } of personalData.export(town.platform, { ...requestOf(viewer), clientIds: [] }))
    files.set(path, String(content))
  expect(JSON.parse(files.get('conciergerie/service-requests.json') ?? '')).toMatchObject({
    requests: [
      { id: own, title: 'Draps', description: 'Un lit de plus' },
      { id: named, title: 'Clés de Zoé Canari', description: 'À rendre à Zoé Canari' },
    ],
    messages: [
      { request_id: own, text: 'Bonjour' },
      { request_id: own, text: 'Zoé Canari attend' },
      { request_id: named, text: 'Zoé Canari attend' },
    ],
  })
})

test('an erasure leaves that something was asked for and done, without a word of what was said, and covers the person elsewhere', async () => {
  const { viewer, own, named, other } = await openHouse()
  const neighbour = await openHouse()
  for (let time = 0; time < 2; time++) await personalData.erase(town.platform, requestOf(viewer))
  expect(await held(viewer)).toEqual({})
  const [, masked, ownTitle] = await titles(viewer)
  expect(ownTitle).toBe('Draps')
  expect(masked).toMatch(/^Clés de /)
  expect(masked).not.toMatch(/Zoé|Canari/)
  expect(await titles(viewer, { search: 'canari' })).toEqual([])
  expect((await read(viewer, own))?.messages.totalCount).toBe(0)
  expect((await read(viewer, own))?.events.nodes).toEqual([{ status: 'NEW', author: 'HOUSE' }])
  expect((await read(viewer, named))?.messages.nodes.map(({ text }) => text)).toEqual([
    expect.not.stringMatching(/Zoé|Canari/),
    'Bonjour',
  ])
  expect((await read(viewer, other))?.messages.nodes.map(({ text }) => text)).toEqual(['Merci', 'Bonjour'])
  expect((await held(neighbour.viewer))['conciergerie.service_request']).toHaveLength(2)
})

test('keys that callers gave with a name in them are another, and stay one of each', async () => {
  const viewer = createTestViewer()
  for (const requestKey of ['relance zoe_canari', 'relance/ZOÉ-CANARI', 'relance 7']) {
    const { id } = await ask(viewer, { title: 'Draps', requestKey })
    await say(viewer, id, 'Bonjour', { requestKey })
  }
  await personalData.erase(town.platform, requestOf(viewer))
  expect(await held(viewer)).toEqual({})
  for (const table of ['service_request', 'service_request_message']) {
    const rows = await town.platform.database.asOwner<{ id: string; key: string }>(
      `select id, request_key as key from conciergerie.${table} where organization_id = $1 order by id`,
      [viewer.organizationId],
    )
    expect(rows.map(({ id, key }) => (key === id ? 'its id' : key))).toEqual(['its id', 'its id', 'relance 7'])
  }
})
