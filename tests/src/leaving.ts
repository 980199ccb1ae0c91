import { once } from 'node:events'
import { request as openRequest } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { signUp, type ApiClient } from './client.ts'
import { crowd } from './crowd.ts'
import { listDoors, readApi, toVariables, type Door } from './walls/doors.ts'
import { populate, type Population } from './walls/population.ts'
import { requiredValues } from './walls/two-organizations.ts'

/** Somebody with one of everything, who asks and does not wait for the answers. */
export interface Leaver {
  client: ApiClient
  ours: Population
  /** Asks every query and mutation over HTTP; answers how many were left before their answer came. */
  leaveRequests(): Promise<number>
  /** Asks every query over WebSocket and subscribes to everything while a lot happens; answers how much that was. */
  leaveSockets(): Promise<number>
  /** Sends files and reads one, and breaks off; answers the title of the one that was sent whole. */
  leaveFiles(): Promise<string>
}

// What ends the session, or takes what the others ask for.
const spared =
  /^(logOut|createOrganization|leaveOrganization|switchOrganization|end|changeMember|erase|delete|remove|revoke)/
/** When they leave, in milliseconds after they asked: at once, and later than most answers take. */
const patience = [1, 10, 30, 60, 120, 250, 500]
const atOnce = 8

/** Signs up at the installation of this address. */
export async function openLeaver(url: string): Promise<Leaver> {
  const client = await signUp(url)
  const ours = await populate(client, 'fret')
  const doors = listDoors(await readApi()).filter(({ name }) => !spared.test(name))
  const asked = (kinds: readonly Door['kind'][]): Door[] => doors.filter(({ kind }) => kinds.includes(kind))
  const payloadOf = (door: Door) => ({ query: door.document, variables: toVariables(requiredValues(door, ours)) })
  return {
    client,
    ours,
    async leaveRequests() {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${client.token}` }
      const visits = asked(['query', 'mutation']).flatMap((door) =>
        patience.map((milliseconds) => ({ door, milliseconds })),
      )
      let left = 0
      await crowd(visits, atOnce, async ({ door, milliseconds }) => {
        const signal = AbortSignal.timeout(milliseconds)
        const body = JSON.stringify(payloadOf(door))
        const answer = fetch(`${url}/graphql`, { method: 'POST', headers, body, signal })
        await answer.then((response) => response.text()).catch(() => left++)
      })
      return left
    },
    async leaveSockets() {
      const questions = asked(['query']).map((door) => [door])
      // Most of what happens is of no concern to most subscriptions: who leaves has all of them open.
      const subscriptions = Array.from({ length: 40 }, () => asked(['subscription']))
      const visits = [...questions, ...subscriptions].flatMap((opened) =>
        patience.map((milliseconds) => ({ opened, milliseconds })),
      )
      const going = new AbortController()
      const happened = makeEvents({ client, ours }, going.signal)
      const all = crowd(visits, atOnce, async ({ opened, milliseconds }) => {
        const socket = await openSocket(url, client)
        for (const [id, door] of opened.entries())
          socket.send(JSON.stringify({ id: `${id}`, type: 'subscribe', payload: payloadOf(door) }))
        await sleep(milliseconds)
        socket.terminate()
      })
      await all.finally(() => going.abort())
      return happened
    },
    async leaveFiles() {
      const size = 200_000
      for (let round = 0; round < 5; round++) {
        const { createUpload } = await client.ask<{ createUpload: { url: string; method: string } }>(
          `mutation ($input: CreateUploadInput!) { createUpload(input: $input) { ... on Upload { url method } } }`,
          { input: { filename: `letter-${round}.txt`, size } },
        )
        await breakOff(new URL(createUpload.url, url), { method: createUpload.method, size })
      }
      const letter = await client.upload('letter.txt', Buffer.alloc(2_000_000, 'Le chauffeur arrive demain. '))
      const { document } = await client.ask<{ document: { fileUrl: string; title: string } }>(
        'query ($id: ID!) { document(id: $id) { fileUrl title } }',
        { id: letter },
      )
      await crowd(patience, atOnce, async (milliseconds) => {
        const answer = await fetch(new URL(document.fileUrl, url))
        const reader = answer.body?.getReader()
        await reader?.read()
        await sleep(milliseconds)
        await reader?.cancel()
      })
      return document.title
    },
  }
}

async function openSocket(url: string, { token }: ApiClient): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }))
  await once(socket, 'message')
  return socket
}

/** Sends the first bytes of a file and leaves. */
async function breakOff(url: URL, { method, size }: { method: string; size: number }): Promise<void> {
  const request = openRequest(url, { method, headers: { 'content-length': size } })
  request.on('error', () => undefined)
  request.write(Buffer.alloc(Math.ceil(size / 2), 'a'))
  await sleep(30)
  request.destroy()
}

/** Has something happen all the time that subscribers are told of; answers how often. */
async function makeEvents({ client, ours }: Pick<Leaver, 'client' | 'ours'>, over: AbortSignal): Promise<number> {
  let round = 0
  for (; !over.aborted; round++)
    await client.ask(
      `mutation ($shipment: UpdateShipmentInput!, $question: AskInput!) {
        updateShipment(input: $shipment) { __typename }
        ask(input: $question) { __typename }
      }`,
      { shipment: { id: ours.shipment, reference: `R${round}` }, question: { question: 'Que livre le chauffeur ?' } },
    )
  return round
}
