import type { Client } from 'graphql-ws'
import { expect, test } from 'vitest'
import { askDatabase } from '../inside.ts'
import type { Passerelle } from '../passerelle.ts'
import { listDoors, type Door } from '../walls/doors.ts'
import { fingerprint, stillFingerprint } from '../walls/fingerprint.ts'
import { idPlaces, ownValues } from './asking.ts'
import { staffWord, type House, type PortalClient } from './clients.ts'
import { readContract } from './contract.cases.ts'

/** What one client sees of another, of the same organisation and of another one, and of the house: nothing. */
export async function isolationCases(house: Passerelle, houses: () => readonly [House, House]): Promise<void> {
  const doors = listDoors(await readContract(), 4)
  const all = (): PortalClient[] => houses().flatMap(({ clients }) => [...clients])
  const others = (client: PortalClient): PortalClient[] => all().filter((each) => each !== client)

  test('an id of another client, of whichever organisation, is answered as one that nobody has, and nothing is written', async () => {
    const [me] = houses()[0].clients
    const before = await Promise.all(others(me).map((client) => rowsOf(house, client)))
    const foreign = await stillFingerprint(house, houses()[1].organization)
    const differences: unknown[] = []
    for (const door of doors.filter(({ kind }) => kind !== 'subscription'))
      for (const place of idPlaces(door))
        for (const id of others(me).flatMap(({ own }) => Object.values(own)))
          for (const asker of [me.byLink, me.byAccount]) {
            const knock = async (value: string) => {
              const { data, errors } = await asker.answer(door.document, ownValues(door, me.own, { place, value }))
              return JSON.stringify({ data, errors })
                .replaceAll(value, '<id>')
                .replaceAll(/\b[a-z]{3}_[0-9a-f]{32}\b/g, '<id>')
            }
            const [theirs, nobodys] = [await knock(id), await knock(id.replace(/[0-9a-f]{20}$/, 'f'.repeat(20)))]
            if (theirs !== nobodys) differences.push({ door: door.name, at: place.path.join('.'), id, theirs, nobodys })
          }
    expect(differences).toEqual([])
    expect(await Promise.all(others(me).map((client) => rowsOf(house, client)))).toEqual(before)
    expect(await fingerprint(house, houses()[1].organization)).toEqual(foreign)
  })

  test('no answer holds an id, a name or a word of another client, of staff, or of what staff wrote for themselves', async () => {
    const staff = await Promise.all(houses().map((each) => secretsOfStaff(each)))
    const leaks: string[] = []
    for (const client of all()) {
      const secrets = [staffWord, ...staff.flat(), ...others(client).flatMap(secretsOf)]
      for (const asker of [client.byLink, client.byAccount])
        for (const door of doors.filter(({ kind }) => kind === 'query')) {
          const { data, errors } = await asker.answer(door.document, ownValues(door, client.own))
          const text = JSON.stringify({ data, errors })
          leaks.push(...secrets.filter((secret) => text.includes(secret)).map((secret) => `${door.name}: ${secret}`))
        }
    }
    expect(leaks).toEqual([])
  })

  test('subscriptions bring a client what is theirs and are silent of everything else', async () => {
    for (const client of [...houses()[0].clients, houses()[1].clients[0]]) {
      const secrets = [staffWord, ...others(client).flatMap(secretsOf)]
      for (const asker of [client.byLink, client.byAccount]) {
        const socket = asker.socket()
        for (const door of doors.filter(({ kind }) => kind === 'subscription')) {
          const events = await listen(socket, door, () => touchAll(houses()))
          const text = events.join('\n')
          expect([door.name, secrets.filter((secret) => text.includes(secret))]).toEqual([door.name, []])
          const noun = door.name.replace(/(Share)?Changed$/, '') as keyof PortalClient['own']
          expect([door.name, text.includes(client.own[noun])]).toEqual([door.name, true])
          expect([door.name, text.includes('"errors"')]).toEqual([door.name, false])
        }
        await socket.dispose()
      }
    }
  })

  test('a client writes what is theirs, once for one key of a try, and into nothing of another’s', async () => {
    const [me, other] = houses()[0].clients
    const create = `mutation ($input: CreateServiceRequestInput!) { made: createServiceRequest(input: $input) { __typename ... on ServiceRequest { id } ... on Refusal { code } } }`
    const input = { kind: 'LINEN', title: 'Draps', propertyId: me.own.property, requestKey: 'un-essai-de-plus' }
    const [first, second] = [
      await me.byLink.ask<{ made: { id: string } }>(create, { input }),
      await me.byLink.ask<{ made: { id: string } }>(create, { input }),
    ]
    expect(second.made.id).toBe(first.made.id)
    const theirs = await me.byLink.ask<{ made: { __typename: string } }>(create, {
      input: { ...input, propertyId: other.own.property, requestKey: 'un-autre-essai' },
    })
    expect(['InvalidInput', 'NotFound']).toContain(theirs.made.__typename)
    const said = await me.byLink.ask<{ answer: { __typename: string } }>(
      `mutation ($input: AddServiceRequestMessageInput!) { answer: addServiceRequestMessage(input: $input) { __typename } }`,
      { input: { serviceRequestId: other.own.serviceRequest, text: 'Bonjour' } },
    )
    expect(said.answer.__typename).toBe('NotFound')
    const rows = await askDatabase<{ client_id: string }>(
      house,
      'select client_id from conciergerie.service_request where id = $1',
      [first.made.id],
    )
    expect(rows).toEqual([{ client_id: me.own.client }])
  })

  test('the file of a document that is shared is given to its client, and its address is nobody else’s', async () => {
    const [me, other] = houses()[0].clients
    const urlOf = async ({ byLink, own }: PortalClient) =>
      (
        await byLink.ask<{ sharedDocument: { fileUrl: string } }>(
          `query ($id: ID!) { sharedDocument(id: $id) { fileUrl } }`,
          { id: own.document },
        )
      ).sharedDocument.fileUrl
    const mine = await urlOf(me)
    const response = await fetch(new URL(mine, house.url))
    expect([response.status, (await response.text()).includes(me.word)]).toEqual([200, true])
    const swapped = mine.replaceAll(me.own.document, other.own.document)
    expect(swapped).not.toBe(mine)
    expect((await fetch(new URL(swapped, house.url))).status).toBeGreaterThanOrEqual(400)
  })
}

function secretsOf({ word, own, link, account }: PortalClient): string[] {
  return [word, ...Object.values(own), link.id, account.id, account.email]
}

/** Ids, names and addresses of the people of the house. */
async function secretsOfStaff({ staff }: House): Promise<string[]> {
  const { viewer } = await staff.ask<{ viewer: { user: { id: string; name: string; email: string } } }>(
    '{ viewer { user { id name email } } }',
  )
  return [viewer.user.id, `"${viewer.user.name}"`, viewer.user.email]
}

/** Every row that names the client, in every table of the house. */
async function rowsOf(house: Passerelle, { own }: PortalClient): Promise<string[]> {
  const tables = await askDatabase<{ name: string }>(
    house,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname in ('conciergerie', 'logistics', 'documents') order by 1`,
  )
  const ids = Object.values(own)
  const texts = tables.map(
    ({ name }) =>
      `select '${name}' as name, md5(string_agg(t::text, '|' order by t::text)) as print from ${name} t where t::text ~ $1`,
  )
  const rows = await askDatabase<{ name: string; print: string | null }>(house, texts.join(' union all '), [
    ids.join('|'),
  ])
  return rows.map(({ name, print }) => `${name} ${print}`)
}

/** Changes what every client has, as staff do. */
async function touchAll(houses: readonly House[]): Promise<void> {
  const text = `mutation ($booking: UpdateBookingInput!, $request: UpdateServiceRequestInput!, $shipment: UpdateShipmentInput!, $document: ID!, $client: ID!) {
    unshareDocument(documentId: $document, clientId: $client) { __typename } shareDocument(documentId: $document, clientId: $client) { __typename }
    updateBooking(input: $booking) { __typename } updateServiceRequest(input: $request) { __typename } updateShipment(input: $shipment) { __typename } }`
  for (const { staff, clients } of houses)
    for (const { own, word } of clients)
      await staff.ask(text, {
        booking: { id: own.booking, reference: `RESA ${word} ${Math.random()}` },
        request: { id: own.serviceRequest, description: `${word} ${Math.random()}` },
        shipment: { id: own.shipment, reference: `${word} ${Math.random()}` },
        document: own.document,
        client: own.client,
      })
}

/** What a subscription brings while everything is changed, errors included, and within a second afterwards. */
async function listen(socket: Client, door: Door, touch: () => Promise<void>): Promise<string[]> {
  const events: string[] = []
  const stop = socket.subscribe(
    { query: door.document },
    {
      next: (event) => events.push(JSON.stringify(event)),
      error: (error) => events.push(JSON.stringify({ errors: error })),
      complete: () => {},
    },
  )
  const touched = async (): Promise<number> => {
    await touch()
    return events.length
  }
  await expect.poll(touched, { timeout: 20_000 }).toBeGreaterThan(0)
  await new Promise((resolve) => setTimeout(resolve, 700))
  stop()
  return events
}
