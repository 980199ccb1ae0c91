import { openOllamaServer, type OllamaServer } from '@passerelle/platform/models/testing'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { invite, openOffice, password, type Office } from './administration/office.ts'
import { bothSizes, coveredStops, enter, openBrowser, openVisitor, walk } from './browser.ts'
import { settled, type ApiClient } from './client.ts'
import { openReceiver, type Receiver } from './kills/receiver.ts'
import { preparePasserelle, surprises, type Passerelle } from './passerelle.ts'

let browser: Browser
let models: OllamaServer
let receiver: Receiver
let house: Passerelle
let office: Office
let one: Record<'webhook' | 'waiting' | 'done' | 'job' | 'invitation', string>

beforeAll(async () => {
  browser = await openBrowser()
  models = await openOllamaServer()
  receiver = await openReceiver()
  house = await preparePasserelle({
    PASSERELLE_DEMO: 'off',
    PASSERELLE_OUTGOING_ALLOW: '127.0.0.0/8',
    OLLAMA_URL: models.url,
  })
  await house.start()
  office = await openOffice(house, browser)
  one = {
    ...(await proposeTwo(office.owner)),
    webhook: await tell(office.owner),
    job: await ask(office.owner),
    invitation: await invite(office.owner, { email: 'jean@exemple.fr', role: 'VIEWER' }),
  }
})
afterAll(async () => {
  await browser?.close()
  await house?.remove()
  await receiver?.close()
  await models?.close()
})

test.each(bothSizes)(
  'the pages of one thing each are free of serious violations, by day and in the dark, shown as %j',
  async (looks) => {
    const { page, context, faults } = await openVisitor(browser, house.url, looks)
    await enter(page, { email: office.emails.Ada, password })
    const addresses = [
      '/admin',
      `/admin/webhooks/${one.webhook}`,
      '/admin/workflows',
      `/approvals/${one.waiting}`,
      `/approvals/${one.done}`,
      '/approvals?tab=decided',
      `/jobs/${one.job}`,
      '/jobs',
      '/models',
      '/admin/webhooks/whk_0',
      '/approvals/apr_0',
      '/jobs/job_0',
      '/documents/doc_0',
      '/shipments/shp_0',
    ]
    expect(await walk(page, addresses)).toEqual({})
    expect(faults).toEqual([])
    await context.close()
  },
)

test.each(bothSizes)(
  'the pages for who has not logged in are free of serious violations, by day and in the dark, shown as %j',
  async (looks) => {
    const { page, context, faults } = await openVisitor(browser, house.url, looks)
    const addresses = [
      '/login',
      '/signup',
      '/forgot',
      '/reset',
      '/reset?token=unknown',
      '/invitation',
      '/invitation?token=unknown',
      `/invitation?token=${one.invitation}`,
      '/quick-start',
    ]
    expect(await walk(page, addresses)).toEqual({})
    expect(faults).toEqual([])
    await context.close()
  },
)

test('the bars of a phone cover nothing that the keyboard comes to, and letters twice as big widen no page', async () => {
  const { page, context, faults } = await openVisitor(browser, house.url, { phone: true })
  await enter(page, { email: office.emails.Ada, password })
  const covered: Record<string, string[]> = {}
  const wide: string[] = []
  for (const address of ['/settings/notifications', '/admin/privacy', `/admin/webhooks/${one.webhook}`]) {
    await page.goto(address)
    await page.locator('h1').first().waitFor()
    await page.waitForLoadState('networkidle')
    const stops = await coveredStops(page)
    if (stops.length > 0) covered[address] = stops
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'))
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1)) wide.push(address)
  }
  expect({ covered, wide }).toEqual({ covered: {}, wide: [] })
  expect(faults).toEqual([])
  await context.close()
})

test('nothing of this left an error in the log', () => {
  expect(surprises(house)).toEqual([])
})

/** A webhook with messages that arrived and that did not. */
async function tell(client: ApiClient): Promise<string> {
  const { made } = await client.ask<{ made: { webhook: { id: string } } }>(
    `mutation ($url: String!) { made: createWebhook(input: { name: "ERP de Nantes", url: $url, types: ["shipment.*"] }) { ... on WebhookSecret { webhook { id } } } }`,
    { url: receiver.url },
  )
  const { id } = made.webhook
  for (const status of [200, 500]) {
    receiver.answer = () => ({ status, body: 'Nous sommes fermés.' })
    await Promise.all([
      receiver.next('answered'),
      client.ask(`mutation ($id: ID!) { pingWebhook(id: $id) { __typename } }`, { id }),
    ])
  }
  return id
}

/** A proposal that waits, and one that was carried out. */
async function proposeTwo(client: ApiClient): Promise<{ waiting: string; done: string }> {
  const ids: string[] = []
  for (const name of ['avis.txt', 'bon.txt']) {
    const documentId = await client.upload(name, Buffer.from(`Le transporteur de ${name} est Fret Atlantique.`))
    const { proposed } = await client.ask<{ proposed: { id: string } }>(
      `mutation ($payload: JSON!) { proposed: proposeAction(kind: "DOCUMENT_DELETION", payload: $payload, note: "Reçu deux fois") { ... on Approval { id } } }`,
      { payload: { documentId } },
    )
    ids.push(proposed.id)
  }
  await settled(client)
  const [waiting = '', done = ''] = ids
  await client.ask(`mutation ($id: ID!) { approveAction(id: $id) { __typename } }`, { id: done })
  return { waiting, done }
}

/** A call of a model. */
async function ask(client: ApiClient): Promise<string> {
  await client.ask(`mutation { ask(input: { question: "Quel est le transporteur de avis.txt ?" }) { __typename } }`)
  const call = async (): Promise<string | undefined> =>
    (await client.ask<{ jobs: { nodes: { id: string }[] } }>('{ jobs(first: 1) { nodes { id } } }')).jobs.nodes[0]?.id
  return (await vi.waitUntil(call)) ?? ''
}
