import { analyse, analyseQuery } from '@passerelle/platform/text'
import type { ReadGraph } from '@passerelle/platform/subgraph'
import { requireSearch, searchColumn } from '@passerelle/platform/records'
import { newId } from '@passerelle/platform/ids'
import { buildSchema, execute, validate, type DocumentNode, type GraphQLError } from 'graphql'

interface Word {
  text: string
  box: { x: number; y: number; width: number; height: number }
}

interface Document {
  id: string
  organizationId: string
  title: string
  collectionId: string | null
  pages: { text: string; words: Word[] }[]
  chunks: Chunk[]
}

interface NewDocument {
  title: string
  pages: string[]
  perPassage?: number
  collectionId?: string
}

interface Chunk {
  id: string
  index: number
  text: string
  page: number
  boxes: { page: number }[]
  document: Document
}

/** A record as it is written; `__typename` says which list has it. */
export type NewRecord =
  | {
      __typename: 'Shipment'
      trackingNumber: string
      reference?: string
      status: string
      events?: { status: string; note?: string; occurredAt: string }[]
    }
  | { __typename: 'Client'; name: string; email?: string; phone?: string; siren?: string; vatNumber?: string }
  | { __typename: 'Property'; name: string; address?: string; registrationNumber?: string }

type Kept = NewRecord & { id: string; organizationId: string }

/** What ai reads of the rest of the house, in the contract's shape: real search (BM25) over real text, with words where they are printed. */
export interface Library {
  readGraph: ReadGraph
  /** Adds a document of some pages; gives its id. A passage is one or more whole pages, as `perPassage` says (1 unless given). */
  add(organizationId: string, document: NewDocument): string
  remove(id: string): void
  /** Adds records; gives the id of the first. They are found by their words, as those of the house. */
  addRecords(organizationId: string, ...records: NewRecord[]): string
  /** While set, every read fails with this. */
  failure: GraphQLError | null
  /** Every operation that was read, and its variables. */
  operations: { document: DocumentNode; variables: Record<string, unknown> }[]
}

const schema = buildSchema(`
  enum SearchMode { HYBRID DENSE SPARSE }
  input SearchFilter { documentIds: [ID!] collectionIds: [ID!] contentTypes: [String!] kinds: [String!] }
  type Box { x: Float! y: Float! width: Float! height: Float! }
  type Word { text: String! box: Box! confidence: Float }
  type Page { number: Int! text: String! words: [Word!]! }
  type PageBox { page: Int! box: Box! }
  type Chunk { id: ID! document: Document index: Int! text: String! page: Int! boxes: [PageBox!]! }
  type ChunksConnection { nodes: [Chunk!]! }
  type Document { id: ID! title: String! page(number: Int!): Page chunks(first: Int): ChunksConnection! }
  type SearchHit { chunk: Chunk! score: Float! }
  type SearchConnection { nodes: [SearchHit!]! }
  type ShipmentEvent { status: String! note: String occurredAt: String! }
  type ShipmentEventsConnection { nodes: [ShipmentEvent!]! }
  type Shipment { id: ID! trackingNumber: String! reference: String status: String! events(first: Int): ShipmentEventsConnection! }
  type Client { id: ID! name: String! email: String phone: String siren: String vatNumber: String }
  type Property { id: ID! name: String! address: String registrationNumber: String }
  type ShipmentsConnection { nodes: [Shipment!]! }
  type ClientsConnection { nodes: [Client!]! }
  type PropertiesConnection { nodes: [Property!]! }
  type Query {
    shipments(search: String, first: Int): ShipmentsConnection!
    clients(search: String, first: Int): ClientsConnection!
    properties(search: String, first: Int): PropertiesConnection!
    document(id: ID!): Document
    search(query: String!, mode: SearchMode, filter: SearchFilter, first: Int): SearchConnection!
  }
`)

export function createLibrary(): Library {
  const documents: Document[] = []
  const records: Kept[] = []
  const library: Library = {
    failure: null,
    operations: [],
    add(organizationId, { title, pages, perPassage = 1, collectionId = null }) {
      const document: Document = {
        id: newId('doc'),
        organizationId,
        title,
        collectionId,
        pages: pages.map((text) => ({ text, words: place(text) })),
        chunks: [],
      }
      for (let from = 0; from < pages.length; from += perPassage) {
        const covered = pages.slice(from, from + perPassage).map((_text, index) => ({ page: from + index + 1 }))
        const text = pages.slice(from, from + perPassage).join('\n')
        const index = document.chunks.length
        document.chunks.push({ id: newId('chk'), index, text, page: from + 1, boxes: covered, document })
      }
      documents.push(document)
      return document.id
    },
    remove(id) {
      documents.splice(
        documents.findIndex((document) => document.id === id),
        1,
      )
    },
    addRecords(organizationId, ...added) {
      const kept = added.map((record) => ({ ...record, id: newId(prefixes[record.__typename]), organizationId }))
      records.push(...kept)
      return kept[0]?.id ?? ''
    },
    async readGraph({ viewer, document, variables = {}, signal }) {
      signal?.throwIfAborted()
      library.operations.push({ document, variables })
      const faults = validate(schema, document)
      if (faults.length > 0) throw faults[0]
      if (library.failure) return { data: null, errors: [library.failure] }
      const own = documents.filter(({ organizationId }) => organizationId === viewer.organizationId)
      const theirs = records.filter(({ organizationId }) => organizationId === viewer.organizationId)
      const rootValue = { ...createRoot(own), ...createRecordLists(theirs) }
      return execute({ schema, document, variableValues: variables, rootValue })
    },
  }
  return library
}

interface SearchArgs {
  query: string
  filter?: { documentIds?: string[]; collectionIds?: string[] } | null
  first?: number
}

function createRoot(own: readonly Document[]) {
  return {
    document: ({ id }: { id: string }) => {
      const document = own.find((other) => other.id === id)
      return document && toView(document)
    },
    search: ({ query, filter, first = 20 }: SearchArgs) => {
      const { documentIds, collectionIds } = filter ?? {}
      const chunks = own
        .filter(({ id }) => !documentIds || documentIds.includes(id))
        .filter(({ collectionId }) => !collectionIds || collectionIds.includes(collectionId ?? ''))
        .flatMap((document) => document.chunks.map((chunk) => ({ ...chunk, document: toView(document) })))
      return { nodes: rank(query, chunks).slice(0, first) }
    },
  }
}

const prefixes = { Shipment: 'shp', Client: 'cli', Property: 'prp' }

/** Lists that are searched as the house searches them: all words, or all letters and digits in a row. */
function createRecordLists(own: readonly Kept[]) {
  const list =
    (typename: Kept['__typename']) =>
    ({ search, first = 20 }: { search: string; first?: number }) => ({
      nodes: own
        .filter((record) => record.__typename === typename && holds(record, search))
        .slice(0, first)
        .map(toNode),
    })
  return { shipments: list('Shipment'), clients: list('Client'), properties: list('Property') }
}

function holds(record: Kept, search: string): boolean {
  const column = searchColumn(Object.values(record).filter((value) => typeof value === 'string'))
  const { words, compact } = requireSearch(search) ?? { words: [], compact: '' }
  return words.every((word) => column.includes(word)) || (compact !== '' && column.includes(compact))
}

function toNode(record: Kept) {
  if (record.__typename !== 'Shipment') return record
  const { events = [] } = record
  return { ...record, events: ({ first = 20 }: { first?: number }) => ({ nodes: events.slice(0, first) }) }
}

function toView({ id, title, pages, chunks }: Document) {
  return {
    id,
    title,
    page: ({ number }: { number: number }) => pages[number - 1] && { number, ...pages[number - 1] },
    chunks: ({ first = 100 }: { first?: number }) => ({
      nodes: chunks.slice(0, first).map((chunk) => ({ ...chunk, document: { id, title } })),
    }),
  }
}

function rank<C extends { text: string }>(query: string, chunks: readonly C[]): { chunk: C; score: number }[] {
  const entries = chunks.map((chunk) => ({ chunk, terms: analyse(chunk.text, null) }))
  const mean = entries.reduce((sum, { terms }) => sum + terms.length, 0) / Math.max(1, entries.length)
  const score = (terms: readonly string[]): number =>
    analyseQuery(query).reduce((sum, term) => {
      const holders = entries.filter((entry) => entry.terms.includes(term)).length
      const frequency = terms.filter((other) => other === term).length
      const rarity = Math.log(1 + (entries.length - holders + 0.5) / (holders + 0.5))
      return sum + (rarity * frequency * 2.2) / (frequency + 1.2 * (0.25 + (0.75 * terms.length) / mean))
    }, 0)
  return entries
    .map(({ chunk, terms }) => ({ chunk, score: score(terms) }))
    .filter((hit) => hit.score > 0)
    .sort((a, b) => b.score - a.score)
}

/** Sets a text as a typewriter does: a hundred letters a line, fifty lines a page, a tab to the next tenth. */
function place(text: string): Word[] {
  return text.split('\n').flatMap((line, row) => {
    let column = 0
    return [...line.matchAll(/(\s*)(\S+)/g)].map(([, gap = '', word = '']) => {
      column = gap.includes('\t') ? Math.ceil((column + 1) / 10) * 10 : column + gap.length
      const box = { x: column / 100, y: row / 50, width: word.length / 100, height: 0.015 }
      column += word.length
      return { text: word, box }
    })
  })
}
