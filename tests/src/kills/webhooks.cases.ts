import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiClient } from '../client.ts'
import { askDatabase } from '../inside.ts'
import type { Passerelle } from '../passerelle.ts'
import { isSigned, openReceiver, type Received, type Receiver } from './receiver.ts'
import { killAt, kills, listFacts, settle } from './rounds.ts'

/** Messages to one webhook that are under way at once. */
const lanes = 3
/** In the rounds of the moments below. */
const answers = [null, { status: 200 }, { status: 503 }, { status: 200 }]

interface Delivery {
  id: string
  body: string
  state: string
  attempts: { number: number; status: number | null; failure: string | null }[]
}

/** Facts that are told to a program while the house is killed under it. */
export function webhookCases(house: Passerelle): void {
  let receiver: Receiver
  beforeAll(async () => void (receiver = await openReceiver()))
  afterAll(() => receiver.close())

  test('whenever everything is killed, every fact reaches its webhook, always under one id, and the log tells no more than the receiver knows', async () => {
    const person = await settle(house)
    const { createWebhook } = await person.here().ask<{ createWebhook: { secret: string; webhook: { id: string } } }>(
      `mutation ($url: String!) {
        createWebhook(input: { name: "Suivi", url: $url, types: ["shipment.created"] }) { ... on WebhookSecret { secret webhook { id } } } }`,
      { url: receiver.url },
    )
    const acknowledged: string[] = []
    await killAt(house, {
      moments: [
        // Some have been sent, and are not answered.
        () => receiver.next('asked', 2),
        // The receiver has said yes, and nobody has written that down.
        () => receiver.next('answered'),
        // It has said no, and waits to be asked again.
        async () => {
          const before = await noes(house)
          await expect.poll(() => noes(house), { interval: 20, timeout: 120_000 }).toBeGreaterThan(before)
        },
        // The caller has been told that a shipment is recorded, and nobody else has.
        (going) => Promise.any(going),
      ],
      begin(round) {
        receiver.answer = () => answers[round % answers.length] ?? null
        return numbers(round).map(async (number) => acknowledged.push(await ship(person.here(), number)))
      },
      recover: () => void (receiver.answer = () => ({ status: 200 })),
    })
    await ship(person.here(), '7KLAST00001')
    const facts = await listFacts(house, { organizationId: person.organizationId, type: 'shipment.created' })
    const told = async () => new Set((await deliveriesOf(person.here(), createWebhook.webhook.id)).map(stateOf))
    await expect.poll(told, { timeout: 180_000, interval: 500 }).toEqual(new Set(['DELIVERED']))
    const deliveries = await deliveriesOf(person.here(), createWebhook.webhook.id)
    const bodies = deliveries.map(({ body }) => JSON.parse(body) as { cursor: string; data: { id: string } })
    expect(bodies.map(({ cursor }) => cursor).sort()).toEqual(facts.map(({ position }) => position).sort())
    const ids = new Set(bodies.map(({ data }) => data.id))
    expect(ids).toEqual(new Set(facts.map(({ payload }) => payload.id)))
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([])
    expect(receiver.received.filter((each) => !isSigned(each, createWebhook.secret))).toEqual([])
    expectTruth(deliveries, receiver.received)
  })
}

function numbers(round: number): string[] {
  return Array.from({ length: 8 }, (_, index) => `7K${String(round).padStart(4, '0')}${String(index).padStart(7, '0')}`)
}

/** How often the log says that a message was turned away. */
async function noes(house: Passerelle): Promise<number> {
  return (await askDatabase(house, 'select from tenancy.webhook_attempt where status = 503')).length
}

/** A shipment that its caller has been told is there. */
async function ship(client: ApiClient, trackingNumber: string): Promise<string> {
  const { made } = await client.ask<{ made: { id: string } }>(
    `mutation ($number: String!) { made: createShipment(input: { trackingNumber: $number }) { ... on Shipment { id } } }`,
    { number: trackingNumber },
  )
  return made.id
}

const stateOf = ({ state }: Delivery): string => state

async function deliveriesOf(client: ApiClient, id: string): Promise<Delivery[]> {
  const all: Delivery[] = []
  let after: string | null = null
  do {
    const { webhook }: Page = await client.ask<Page>(
      `query ($id: ID!, $after: String) { webhook(id: $id) { deliveries(first: 100, after: $after) {
        nodes { id body state attempts { number status failure } } pageInfo { hasNextPage endCursor } } } }`,
      { id, after },
    )
    all.push(...webhook.deliveries.nodes)
    after = webhook.deliveries.pageInfo.hasNextPage ? webhook.deliveries.pageInfo.endCursor : null
  } while (after)
  return all
}

interface Page {
  webhook: { deliveries: { nodes: Delivery[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } }
}

/** Every try of the log came, with what was answered; what came beside them are tries that a kill cut short: as many as can be under way. */
function expectTruth(deliveries: readonly Delivery[], received: readonly Received[]): void {
  const copies = Map.groupBy(received, ({ id }) => id)
  expect([...copies.keys()].sort()).toEqual(deliveries.map(({ id }) => id).sort())
  let cutShort = 0
  for (const { id, body, attempts } of deliveries) {
    const came = copies.get(id) ?? []
    expect(new Set(came.map((copy) => copy.body))).toEqual(new Set([body]))
    expect(attempts.map(({ number }) => number)).toEqual(attempts.map((_, index) => index + 1))
    expect(attempts.filter(({ failure }) => failure !== null)).toEqual([])
    for (const [status, tries] of Map.groupBy(attempts, (attempt) => attempt.status))
      expect(came.filter((copy) => copy.status === status).length).toBeGreaterThanOrEqual(tries.length)
    expect([attempts.at(-1)?.status, attempts.filter(({ status }) => status === 200).length]).toEqual([200, 1])
    cutShort += came.length - attempts.length
  }
  expect(cutShort).toBeGreaterThan(0)
  expect(cutShort).toBeLessThanOrEqual(kills * lanes)
}
