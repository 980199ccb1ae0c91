import { readFile } from 'node:fs/promises'
import { buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema } from 'graphql'
import type { IntrospectionQuery } from 'graphql'
import { expect, test } from 'vitest'
import { hiddenIn, namesOf, suggestedIn } from '../keys/hidden.ts'
import { listDoors, readApi } from '../walls/doors.ts'
import { allOf, ownValues } from './asking.ts'
import type { House } from './clients.ts'

const contractFile = new URL('../../../graph-schema/client.graphql', import.meta.url)

/** What the contract of clients holds. */
export async function readContract() {
  return buildSchema(await readFile(contractFile, 'utf8'))
}

/** What a client can see of the schema: the contract, all of it, and nothing else. */
export async function contractCases(houses: () => readonly [House, House]): Promise<void> {
  const [api, contract] = [await readApi(), await readContract()]

  test('of every field, argument, value and type outside of the contract a client finds nothing, by link or with an account', async () => {
    const [client] = houses()[0].clients
    const hidden = hiddenIn(api, contract)
    expect(hidden.length).toBeGreaterThan(500)
    const names = namesOf(contract)
    for (const { what, document, told } of hidden) {
      const { data, errors } = await client.byLink.answer(document)
      const messages = (errors ?? []).map(({ message }) => message)
      expect([what, data ?? null, messages.some((message) => message.startsWith(told))]).toEqual([what, null, true])
      expect([what, messages.flatMap(suggestedIn).filter((name) => !names.has(name))]).toEqual([what, []])
    }
    for (const { what, document } of hidden.filter((_each, index) => index % 10 === 0)) {
      const { data, errors } = await client.byAccount.answer(document)
      expect([what, data ?? null, (errors ?? []).length > 0]).toEqual([what, null, true])
    }
  })

  test('asked for its schema, the house tells a client the contract to the letter', async () => {
    const [client] = houses()[0].clients
    for (const asker of [client.byLink, client.byAccount]) {
      const answer = await asker.ask<IntrospectionQuery>(getIntrospectionQuery({ inputValueDeprecation: true }))
      const told = printSchema(lexicographicSortSchema(buildClientSchema(answer)))
      expect(told.trim()).toBe(printSchema(lexicographicSortSchema(contract)).trim())
    }
  })

  test('everything that the contract lets a client read is answered with what is theirs', async () => {
    for (const client of houses().flatMap(({ clients }) => clients))
      for (const asker of [client.byLink, client.byAccount])
        for (const door of listDoors(contract, 5).filter(({ kind }) => kind === 'query')) {
          const { data, errors } = await asker.answer<Record<string, unknown>>(
            door.document,
            ownValues(door, client.own),
          )
          expect([door.name, errors ?? [], data?.[door.name] !== null]).toEqual([door.name, [], true])
        }
  })

  test('a client sees one of everything, and of the house no word', async () => {
    for (const { byLink, own, word } of houses().flatMap(({ clients }) => clients)) {
      const { viewer } = await byLink.ask<{ viewer: { client: Record<string, unknown> } }>(allOf)
      expect(viewer.client).toEqual({
        id: own.client,
        name: `${word} Martin`,
        email: `courrier@${word}.fr`,
        phone: '02 40 12 34 56',
        properties: {
          totalCount: 1,
          nodes: [{ id: own.property, bookings: { totalCount: 1, nodes: [{ id: own.booking }] } }],
        },
        bookings: { totalCount: 1, nodes: [{ id: own.booking, reference: `RESA ${word}` }] },
        shipments: { totalCount: 1, nodes: [{ id: own.shipment, events: { totalCount: 2 } }] },
        serviceRequests: {
          totalCount: 1,
          nodes: [{ id: own.serviceRequest, messages: { totalCount: 1, nodes: [{ text: `Bonjour ${word}` }] } }],
        },
        sharedDocuments: {
          totalCount: 1,
          nodes: [{ id: own.document, title: expect.stringContaining(word) as string }],
        },
      })
    }
  })
}
