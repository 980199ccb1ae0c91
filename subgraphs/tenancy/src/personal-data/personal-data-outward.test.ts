import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@passerelle/platform/ids'
import { openOutgoing } from '@passerelle/platform/outgoing'
import { createSubject, subjectInput } from '@passerelle/platform/privacy'
import type { Viewer } from '@passerelle/platform/schema'
import { createTestViewer, openTestPlatform, type TestPlatform } from '@passerelle/platform/subgraph/testing'
import { tenancy } from '../index.ts'
import { secretsOf } from '../secrets.ts'
import { findWebhook } from '../webhooks/webhook.store.ts'
import { changeWebhook, createWebhook, resumeWebhook } from '../webhooks/webhook.ts'
import { createEndpoint } from '../workflow-runs/workflow-run-endpoint.ts'
import { findEndpoint } from '../workflow-runs/workflow-run-endpoint.store.ts'

let platform: TestPlatform

beforeAll(async () => {
  platform = await openTestPlatform({
    sets: [tenancy.migrations],
    queues: tenancy.queues,
    engines: {
      outgoing: openOutgoing({ resolve: async () => ['93.184.216.34'] }),
      readGraph: async () => ({ data: { clients: { nodes: [] } } }),
    },
  })
})

afterAll(() => platform.close())

async function webhook(viewer: Viewer, url: string): Promise<string> {
  const { webhook: made } = await createWebhook(platform, viewer, { name: 'Suivi', url, types: ['shipment.created'] })
  return made.id
}

async function look(viewer: Viewer, id: string) {
  const secrets = await secretsOf(platform, viewer.organizationId)
  return platform.sql.withOrganization(viewer, async (tx) => {
    const found = id.startsWith('whk')
      ? await findWebhook(tx, secrets, { id })
      : await findEndpoint(tx, secrets, { id })
    if (!found) throw new Error(`${id} is gone.`)
    return found
  })
}

const subjectOf = (organizationId: string) =>
  createSubject(organizationId, subjectInput.parse({ names: ['Zoé Canari'], emails: ['zoe@exemple.fr'] }))

function requestOf({ organizationId }: Viewer) {
  return {
    organizationId,
    subject: subjectOf(organizationId),
    choice: 'REDACT_MENTIONS' as const,
    signal: AbortSignal.timeout(60_000),
  }
}

async function found(viewer: Viewer) {
  const holdings = (await tenancy.personalData?.find(platform, requestOf(viewer))) ?? []
  return Object.fromEntries(holdings.map(({ store, ids }) => [store, ids]))
}

const erase = (viewer: Viewer) => tenancy.personalData?.erase(platform, requestOf(viewer))

test.each([
  ['https://hooks.exemple.fr/zoe@exemple.fr/in?a=1', 'https://hooks.exemple.fr/██████████████/in?a=1'],
  ['https://hooks.exemple.fr/in?to=zoe%40exemple.fr&a=1', 'https://hooks.exemple.fr/in?to=██████████████&a=1'],
  ['https://hooks.exemple.fr/Zo%C3%A9+Canari/in', 'https://hooks.exemple.fr/██████████/in'],
  ['https://hooks.exemple.fr/canari-zoe', 'https://hooks.exemple.fr/██████████'],
  ['https://hooks.exemple.fr/zoe@exemple.fr/z%256Fe@exemple.fr', 'https://hooks.exemple.fr/█'],
  ['https://hooks.exemple.fr/%zz/zoe@exemple.fr', 'https://hooks.exemple.fr/%zz/██████████████'],
  ['https://zoe-canari.exemple.fr/in', 'https://erased.invalid/'],
])('an address that names the person is found, covered, and nothing is sent there: %s', async (url, covered) => {
  const viewer = createTestViewer()
  const [id, other] = [await webhook(viewer, url), await webhook(viewer, 'https://hooks.exemple.fr/in')]
  expect(await found(viewer)).toEqual({ 'tenancy.webhook_url': [id] })
  await erase(viewer)
  expect(await look(viewer, id)).toMatchObject({ url: covered, state: 'PAUSED', pausedBecause: 'ADDRESS_ERASED' })
  expect(await look(viewer, other)).toMatchObject({ url: 'https://hooks.exemple.fr/in', state: 'ACTIVE' })
  expect(await found(viewer)).toEqual({})
  const [row] = await platform.database.asOwner<{ url: string }>('select url from tenancy.webhook where id = $1', [id])
  expect(row?.url).toMatch(/^v1:/)
})

test('a webhook of an erased address hears again once it has another, and what happened meanwhile', async () => {
  const viewer = createTestViewer()
  const id = await webhook(viewer, 'https://hooks.exemple.fr/zoe-canari')
  await platform.database.asOwner(
    `insert into tenancy.webhook_delivery (id, organization_id, webhook_id, type, body, state) values ($1, $2, $3, 'shipment.created', '{}', 'WAITING')`,
    [newId('dlv'), viewer.organizationId, id],
  )
  await erase(viewer)
  const states = () =>
    platform.database.asOwner('select state from tenancy.webhook_delivery where webhook_id = $1', [id])
  expect(await states()).toEqual([{ state: 'HELD' }])
  await changeWebhook(platform, viewer, { id, url: 'https://hooks.exemple.fr/accueil' })
  expect(await resumeWebhook(platform, viewer, { id, skip: false })).toMatchObject({
    url: 'https://hooks.exemple.fr/accueil',
    state: 'ACTIVE',
  })
})

test('a workflow whose address names the person is turned off with it covered, in no other organisation', async () => {
  const [viewer, elsewhere] = [createTestViewer(), createTestViewer()]
  const url = 'https://n8n.exemple.fr/webhook/zoe-canari'
  const make = async (maker: Viewer) =>
    (await createEndpoint(platform, maker, { name: 'Accueil', url, completion: 'CALLBACK', timeoutMinutes: 5 }))
      .endpoint.id
  const [here, there] = [await make(viewer), await make(elsewhere)]
  expect(await found(viewer)).toEqual({ 'tenancy.workflow_endpoint_url': [here] })
  await erase(viewer)
  expect(await look(viewer, here)).toMatchObject({ url: 'https://n8n.exemple.fr/webhook/██████████', active: false })
  expect(await look(elsewhere, there)).toMatchObject({ url, active: true })
  expect(await found(viewer)).toEqual({})
  const entries = await platform.database.asOwner<{ action: string }>(
    'select action from platform.audit_entry where subject_id = $1 order by position',
    [here],
  )
  expect(entries.map(({ action }) => action)).toEqual(['workflow_endpoint.created', 'workflow_endpoint.updated'])
})
