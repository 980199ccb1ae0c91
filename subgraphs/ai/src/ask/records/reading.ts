import type { Viewer } from '@passerelle/platform/schema'
import type { ReadGraph } from '@passerelle/platform/subgraph'
import { parse } from 'graphql'
import { z } from 'zod'
import type { RecordKind } from '../../conversations/answer.ts'
import { read } from '../reading.ts'
import type { Field } from './asked.ts'

/** A record as far as questions are answered from it. */
export interface SourceRecord {
  kind: RecordKind
  id: string
  /** What it is called. */
  title: string
  /** What it is told apart by, as it is written: its number, its name, its reference. */
  names: string[]
  values: Partial<Record<Field, string | null>>
  /** Of a shipment: where it stands, and its timeline, the earliest first. */
  status: string | null
  events: { status: string; note: string | null; occurredAt: Date }[]
}

/** How many records of a kind one word may lead to before it tells nothing. */
const most = 10

const shipmentsOperation = parse(`
  query AskShipments($search: String!, $first: Int!) {
    shipments(search: $search, first: $first) {
      nodes { id trackingNumber reference status events(first: 100) { nodes { status note occurredAt } } }
    }
  }
`)
const clientsOperation = parse(`
  query AskClients($search: String!, $first: Int!) {
    clients(search: $search, first: $first) { nodes { id name email phone siren vatNumber } }
  }
`)
const propertiesOperation = parse(`
  query AskProperties($search: String!, $first: Int!) {
    properties(search: $search, first: $first) { nodes { id name address registrationNumber } }
  }
`)

const text = z.string().nullable()
const nodes = <Node extends z.ZodType>(node: Node) => z.object({ nodes: z.array(node) })
const event = z.object({ status: z.string(), note: text, occurredAt: z.coerce.date() })
const shipment = z.object({
  id: z.string(),
  trackingNumber: z.string(),
  reference: text,
  status: z.string(),
  events: nodes(event),
})
const client = z.object({ id: z.string(), name: z.string(), email: text, phone: text, siren: text, vatNumber: text })
const property = z.object({ id: z.string(), name: z.string(), address: text, registrationNumber: text })
const shipmentsAnswer = z.object({ shipments: nodes(shipment) })
const clientsAnswer = z.object({ clients: nodes(client) })
const propertiesAnswer = z.object({ properties: nodes(property) })

interface Reading {
  viewer: Viewer
  kind: RecordKind
  /** A word or a number of the question. */
  search: string
  signal: AbortSignal
}

/** The records of a kind that hold the word, as the viewer sees them. */
export async function readRecords(
  readGraph: ReadGraph,
  { viewer, kind, search, signal }: Reading,
): Promise<SourceRecord[]> {
  const variables = { search, first: most }
  const ask = (document: typeof shipmentsOperation) => read(readGraph, { viewer, document, variables, signal })
  if (kind === 'SHIPMENT')
    return shipmentsAnswer.parse(await ask(shipmentsOperation)).shipments.nodes.map(toShipmentRecord)
  if (kind === 'CLIENT') return clientsAnswer.parse(await ask(clientsOperation)).clients.nodes.map(toClientRecord)
  return propertiesAnswer.parse(await ask(propertiesOperation)).properties.nodes.map(toPropertyRecord)
}

function toShipmentRecord(found: z.output<typeof shipment>): SourceRecord {
  const { id, trackingNumber, reference, status, events } = found
  return {
    kind: 'SHIPMENT',
    id,
    title: trackingNumber,
    names: [trackingNumber, ...(reference ? [reference] : [])],
    values: { trackingNumber, reference },
    status,
    events: events.nodes,
  }
}

function toClientRecord({ id, name, ...values }: z.output<typeof client>): SourceRecord {
  const numbers = [values.siren, values.vatNumber, values.email, values.phone]
  const names = [name, ...numbers.flatMap((value) => value ?? [])]
  return { kind: 'CLIENT', id, title: name, names, values, status: null, events: [] }
}

function toPropertyRecord({ id, name, ...values }: z.output<typeof property>): SourceRecord {
  const names = [name, ...(values.registrationNumber ? [values.registrationNumber] : [])]
  return { kind: 'PROPERTY', id, title: name, names, values, status: null, events: [] }
}
