import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import grafeo from '@grafeo-db/js'
import { DOMParser } from '@xmldom/xmldom'
import { parse as parseCsv } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@passerelle/platform/schema'
import { newId } from '@passerelle/platform/ids'
import { createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { memory } from '../index.ts'
import { named, writeDocument } from '../town.testing.ts'

const town = useSubgraph(memory)
let server: Server
let address = ''

beforeAll(async () => {
  const routes = (memory.routes ?? []).map(({ prefix, open }) => ({ prefix, handle: open(town.platform) }))
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const route = routes.find(({ prefix }) => url.pathname.startsWith(`${prefix}/`))
    void route
      ?.handle(request, response, { requestId: 'req', log: town.platform.log, url })
      .catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const text = `query ($format: GraphExportFormat!, $around: ID, $depth: Int) { graphExport(format: $format, around: $around, depth: $depth) { url filename } }`
type Answer = { graphExport: { url: string; filename: string } | null }

async function take(viewer: Viewer, variables: object): Promise<{ text: string; filename: string; headers: Headers }> {
  const { graphExport } = await town.client.data<Answer>(viewer, text, { ...variables })
  if (!graphExport) throw new Error('There is nothing to export.')
  const response = await fetch(address + graphExport.url)
  expect(response.status).toBe(200)
  return { text: await response.text(), filename: graphExport.filename, headers: response.headers }
}

/** Names that every format could trip over. */
const nasty = [
  `L'Été & "Fils" <SA>`,
  '=1+1',
  '@SUM(A1)',
  '+33 6 12',
  "\\'; MATCH (n) DETACH DELETE n; //",
  'ligne\nseconde;\nfin',
  'nul\u0001ctl',
  '東京 🦊',
  'a,b;c|d',
  '\\u0027}) DETACH DELETE n //',
  '${x} `y`',
]

async function writeNasty(viewer: Viewer) {
  const entities = nasty.map((name) => named(viewer, 'ORGANIZATION', name))
  const [first, second] = [entities[0], entities[1]]
  if (!first || !second) throw new Error('There are names.')
  const relation = { from: first.id, to: second.id, type: 'WORKS_FOR', confidence: 0.5, extractor: 'rules' }
  const place = { page: 1, chunk: 0, boxes: [] }
  await writeDocument(town.platform.graph, viewer, entities, { relations: [{ ...relation, ...place }] })
  await writeDocument(town.platform.graph, viewer, entities.slice(0, 2), { relations: [{ ...relation, ...place }] })
  return { entities, first, second }
}

const counts = { nodes: nasty.length + 2, edges: nasty.length + 2 + 2 }

test('GraphML is read by an XML parser, with every name as it is but for what XML cannot say', async () => {
  const viewer = createTestViewer()
  await writeNasty(viewer)
  const { text: xml, filename, headers } = await take(viewer, { format: 'GRAPHML' })
  expect(filename).toMatch(/^graphe-\d{4}-\d\d-\d\d\.graphml$/)
  expect(headers.get('content-disposition')).toBe(`attachment; filename*=UTF-8''${filename}`)
  const graph = readXml(xml)
  expect([graph.nodes.size, graph.edges.length]).toEqual([counts.nodes, counts.edges])
  expect(graph.names).toEqual(expect.arrayContaining(nasty.map((name) => name.replace('\u0001', ''))))
  for (const { source, target } of graph.edges)
    expect([graph.nodes.has(source), graph.nodes.has(target)]).toEqual([true, true])
})

test('CSV is read back, and no cell is a formula', async () => {
  const viewer = createTestViewer()
  await writeNasty(viewer)
  const nodes = readCsv((await take(viewer, { format: 'CSV_NODES' })).text)
  const edges = readCsv((await take(viewer, { format: 'CSV_EDGES' })).text)
  expect([nodes.length, edges.length]).toEqual([counts.nodes, counts.edges])
  const names = nodes.flatMap(({ name }) => (name ? [name] : []))
  expect(names.map((name) => name.replace(/^'/, '')).toSorted()).toEqual([...nasty].toSorted())
  expect(names.filter((name) => /^[=+\-@\t\r]/.test(name))).toEqual([])
  const ids = new Set(nodes.map(({ id }) => id))
  for (const { from, to } of edges) expect([ids.has(from), ids.has(to)]).toEqual([true, true])
  expect(edges.filter(({ type }) => type === 'WORKS_FOR').map(({ confidence, page }) => [confidence, page])).toEqual([
    ['0.5', '1'],
    ['0.5', '1'],
  ])
})

test('the Cypher script makes the same graph in an empty engine, however often it runs', async () => {
  const viewer = createTestViewer()
  const { first } = await writeNasty(viewer)
  const { text: script } = await take(viewer, { format: 'CYPHER' })
  const engine = await openEmptyEngine()
  for (let run = 0; run < 2; run++) {
    await engine.run(script.split(';\n').filter((statement) => statement.trim() !== ''))
    expect(await engine.content()).toEqual({
      nodes: counts.nodes,
      edges: counts.edges,
      names: [...nasty].toSorted(),
      documents: 2,
    })
  }
  engine.close()
  expect(script).toContain(`'${first.id}'`)
})

test('what is around an entity is exported alone, under its name', async () => {
  const viewer = createTestViewer()
  const { first } = await writeNasty(viewer)
  await writeDocument(town.platform.graph, viewer, [named(viewer, 'PERSON', 'Loin')])
  const { text: xml, filename } = await take(viewer, { format: 'GRAPHML', around: first.id, depth: 1 })
  expect(filename).toMatch(/^l-ete-fils-sa-/)
  const graph = readXml(xml)
  expect(graph.nodes.size).toBe(nasty.length)
  expect(graph.names).not.toContain('Loin')
  expect(graph.types).toEqual(new Set(['WORKS_FOR', 'RELATED_TO']))
})

test('an export of very much comes in pieces, whole', async () => {
  const viewer = createTestViewer()
  const many = Array.from({ length: 1_500 }, (_, index) => named(viewer, 'TOPIC', `Sujet ${index}`))
  for (let index = 0; index < 2; index++)
    await writeDocument(town.platform.graph, viewer, many.slice(index * 700, index * 700 + 800))
  await writeDocument(
    town.platform.graph,
    viewer,
    Array.from({ length: 1_000 }, (_, index) => named(viewer, 'PERSON', `Personne ${index}`)),
  )
  const graph = readXml((await take(viewer, { format: 'GRAPHML' })).text)
  expect([graph.nodes.size, graph.edges.length]).toEqual([1_500 + 1_000 + 3, 800 + 800 + 1_000])
})

test('another organisation gets a link to nothing, and its own link gives its own graph', async () => {
  const [viewer, other] = [createTestViewer(), createTestViewer()]
  const { first } = await writeNasty(viewer)
  expect(await town.client.data(other, text, { format: 'CYPHER', around: first.id })).toEqual({ graphExport: null })
  expect(await town.client.data(other, text, { format: 'CYPHER', around: newId('doc') })).toEqual({ graphExport: null })
  const { text: theirs } = await take(other, { format: 'CSV_NODES' })
  expect(readCsv(theirs)).toEqual([])
})

test('a link that was changed, or is for something else, gives nothing', async () => {
  const viewer = createTestViewer()
  await writeNasty(viewer)
  const { graphExport } = await town.client.data<Answer>(viewer, text, { format: 'CSV_NODES' })
  const url = graphExport?.url ?? ''
  const elsewhere = url.replace('-noeuds.csv', '.graphml')
  for (const tried of [elsewhere, url.slice(0, -2), url.split('?')[0] ?? '', `${url}x`])
    expect((await fetch(address + tried)).status).toBe(403)
})

test.each([
  ['who may not read the graph', ['PARTNER'] as const, {}, 'FORBIDDEN'],
  ['a depth that makes no sense', ['OWNER'] as const, { depth: 5 }, 'BAD_USER_INPUT'],
])('%s is refused', async (_name, roles, variables, code) => {
  const viewer = createTestViewer({ roles: [...roles] })
  const { errors } = await town.client.ask(viewer, text, { format: 'CYPHER', ...variables })
  expect(errors).toMatchObject([{ extensions: { code } }])
})

interface Read {
  nodes: Set<string>
  names: string[]
  edges: { source: string; target: string }[]
  types: Set<string>
}

/** A GraphML file as an XML parser has it; whatever it finds wrong is thrown. */
function readXml(xml: string): Read {
  const fail = (fault: string) => {
    throw new Error(fault)
  }
  const parser = new DOMParser({ errorHandler: { warning: fail, error: fail, fatalError: fail } })
  const file = parser.parseFromString(xml, 'application/xml')
  const all = (tag: string) => Array.from(file.getElementsByTagName(tag))
  const dataOf = (key: string) =>
    all('data').flatMap((data) => (data.getAttribute('key') === key ? [data.textContent ?? ''] : []))
  return {
    nodes: new Set(all('node').map((node) => node.getAttribute('id') ?? '')),
    names: dataOf('n_name'),
    edges: all('edge').map((edge) => ({
      source: edge.getAttribute('source') ?? '',
      target: edge.getAttribute('target') ?? '',
    })),
    types: new Set(dataOf('e_type')),
  }
}

function readCsv(csv: string): Record<string, string>[] {
  return parseCsv(csv, { columns: true, bom: true, record_delimiter: '\r\n' })
}

/** An engine that knows nothing yet: runs statements, and tells what it then has. */
async function openEmptyEngine() {
  const db = grafeo.GrafeoDB.create()
  const numberOf = async (query: string) => Number((await db.executeCypher(query)).toArray()[0]?.['count'])
  return {
    async run(statements: readonly string[]) {
      for (const statement of statements) await db.executeCypher(statement)
    },
    async content() {
      const named = (await db.executeCypher('MATCH (e:Entity) RETURN e.name AS name')).toArray()
      return {
        nodes: await numberOf('MATCH (n) RETURN count(n) AS count'),
        edges: await numberOf('MATCH (a)-[r]->(b) RETURN count(r) AS count'),
        documents: await numberOf('MATCH (d:Document) RETURN count(d) AS count'),
        names: named.map(({ name }) => String(name)).toSorted(),
      }
    },
    close: () => db.close(),
  }
}
