import { readFile, readdir } from 'node:fs/promises'
import { beforeAll, expect, test } from 'vitest'
import { settled, signUp, type ApiClient } from '../client.ts'
import type { Passerelle } from '../passerelle.ts'

const samples = new URL('../../samples/business/', import.meta.url)
// Recognition takes its seconds a page: two pictures here, all of them by hand.
const pictures = Number(process.env.PASSERELLE_TEST_SCANS ?? 2)

interface Party {
  name: string
  siret?: string
  vat?: string
}

interface Paper {
  id: string
  kind: string
  expected: Record<string, unknown> & { cmr_number?: string; tracking_number?: string; sscc?: string; carrier?: Party }
}

/** Invoices, delivery notes, waybills and complaints: read, found by what is printed on them, and led to the records they belong to. */
export function businessCases(house: Passerelle): void {
  let client: ApiClient
  let papers: Paper[]
  const ids = new Map<string, string>()
  beforeAll(async () => {
    client = await signUp(house.url)
    papers = await readExpected()
    await createShipment('CMR 9405756')
    for (const { id } of papers)
      ids.set(id, await client.upload(`${id}.${id.includes('__') ? 'jpg' : 'pdf'}`, await readPaper(id)))
  })

  test('every paper ends READY, and what kind of paper it is is known', async () => {
    const states = await settled(client)
    expect(states.filter(({ status }) => status.stage !== 'READY')).toEqual([])
    for (const { id, kind } of papers) {
      const { document } = await client.ask<{ document: { kind: string; language: string } }>(
        `query ($id: ID!) { document(id: $id) { kind language } }`,
        { id: ids.get(id) },
      )
      expect([id, document.kind, document.language]).toEqual([
        id,
        kind === 'claim' ? 'COMPLAINT' : kind.toUpperCase(),
        'fr',
      ])
    }
  })

  test('every printed value is found by search, as it is printed and as people type it', async () => {
    const missed: string[] = []
    for (const { id, expected } of papers) {
      for (const printed of printedValues(expected)) {
        const { search } = await client.ask<{ search: { nodes: { chunk: { document: { id: string } } }[] } }>(
          `query ($printed: String!) { search(query: $printed, first: 20) { nodes { chunk { document { id } } } } }`,
          { printed },
        )
        if (!search.nodes.some(({ chunk }) => chunk.document.id === ids.get(id))) missed.push(`${id}: ${printed}`)
      }
    }
    expect(missed).toEqual([])
  })

  test('a shipment has the papers that print its number, whichever came first, and leads to the companies on them', async () => {
    for (const { id, expected } of papers) {
      const number = expected.cmr_number ?? expected.tracking_number ?? expected.sscc
      if (!number) continue
      const shipment = await createShipment(number)
      expect(shipment.documents.nodes.map((document) => document.id)).toEqual([ids.get(id)])
      const around = shipment.entity.neighbours.nodes.map(({ entity }) => entity.name)
      expect(around.map(withoutForm)).toContain(withoutForm(expected.carrier?.name ?? around[0] ?? ''))
    }
  })

  test('from a company one walks to the papers that name it and to the shipment', async () => {
    const { entities } = await client.ask<{ entities: { nodes: { id: string; name: string }[] } }>(
      `{ entities(search: "Colis Alpins", types: [ORGANIZATION]) { nodes { id name } } }`,
    )
    const company = entities.nodes[0]
    const shipment = await createShipment('CMR 9405756')
    const { entity, path } = await client.ask<{
      entity: { documents: { nodes: { id: string }[] } }
      path: { entities: { id: string }[] }
    }>(
      `query ($company: ID!, $shipment: ID!) {
        entity(id: $company) { documents { nodes { id } } }
        path(from: $company, to: $shipment) { entities { id } } }`,
      { company: company?.id, shipment: shipment.entity.id },
    )
    expect(entity.documents.nodes).toEqual([{ id: ids.get('docfr-cmr-00') }])
    expect(path.entities.map(({ id }) => id).at(0)).toBe(company?.id)
    expect(path.entities.map(({ id }) => id).at(-1)).toBe(shipment.entity.id)
  })

  async function createShipment(trackingNumber: string) {
    await client.ask(
      `mutation ($trackingNumber: String!) { createShipment(input: { trackingNumber: $trackingNumber }) { __typename } }`,
      { trackingNumber },
    )
    const { shipment } = await client.ask<{
      shipment: {
        documents: { nodes: { id: string }[] }
        entity: { id: string; neighbours: { nodes: { entity: { name: string } }[] } }
      }
    }>(
      `query ($trackingNumber: String!) { shipment(trackingNumber: $trackingNumber) {
        documents { nodes { id } } entity { id neighbours(depth: 2, first: 100) { nodes { entity { name } } } } } }`,
      { trackingNumber },
    )
    return shipment
  }
}

async function readExpected(): Promise<Paper[]> {
  const read = async (name: string): Promise<Paper[]> =>
    (await readFile(new URL(name, samples), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Paper)
  return [...(await read('expected.jsonl')), ...(await read('expected_scans.jsonl')).slice(0, pictures)]
}

async function readPaper(id: string): Promise<Buffer> {
  const name = (await readdir(samples)).find((file) => file.startsWith(`${id}.`))
  return readFile(new URL(name ?? '', samples))
}

/** Numbers, names, amounts and identifiers of a paper, in the ways they are printed and typed. */
function printedValues(expected: Paper['expected']): string[] {
  const texts = [
    'invoice_number',
    'delivery_number',
    'cmr_number',
    'order_reference',
    'sscc',
    'tracking_number',
    'vehicle_plate',
    'iban',
  ]
  const amounts = ['net_total', 'gross_total', 'claim_amount']
  const parties = ['seller', 'buyer', 'sender', 'consignee', 'carrier', 'recipient']
  return [
    ...texts.flatMap((key) => (typeof expected[key] === 'string' ? [expected[key]] : [])),
    ...(typeof expected.iban === 'string' ? [grouped(expected.iban, 4)] : []),
    ...amounts.flatMap((key) => (typeof expected[key] === 'number' ? amountForms(expected[key]) : [])),
    ...parties.flatMap((key) => {
      const party = expected[key] as Party | undefined
      return party
        ? [
            party.name,
            ...(party.siret ? [party.siret, grouped(party.siret, 3), party.siret.slice(0, 9)] : []),
            party.vat ?? party.name,
          ]
        : []
    }),
  ]
}

/** A company is one, whichever legal form it was first seen with. */
function withoutForm(name: string): string {
  return name.replace(/ (SAS?|SARL|EURL)$/, '')
}

/** 1318.15 as `1 318,15` and `1318,15`. */
function amountForms(amount: number): string[] {
  const plain = Math.abs(amount).toFixed(2).replace('.', ',')
  return [plain, plain.replace(/\B(?=(\d{3})+,)/g, ' ')]
}

function grouped(text: string, size: number): string {
  return text.replaceAll(new RegExp(`(.{${size}})(?=.)`, 'g'), '$1 ')
}
