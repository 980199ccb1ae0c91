import type { ExportEdge, ExportGraph, ExportNode, Properties } from './items.ts'

const rowsPerStatement = 200

/**
 * A script that Neo4j and Grafeo take (`cypher-shell < file`): a statement a line, each ending in a semicolon. It may be run again: what is there
 * is found and set, not made twice.
 */
export async function* toCypher({ organizationId, nodes, edges }: ExportGraph): AsyncIterable<string> {
  const organization = `organizationId: ${toLiteral(organizationId)}`
  for (const label of ['Entity', 'Document'])
    yield `CREATE INDEX ${label.toLowerCase()}_id IF NOT EXISTS FOR (n:${label}) ON (n.id);\n`
  for await (const page of nodes())
    for (const label of ['Entity', 'Document'] as const)
      yield* statements(
        page.filter((node) => node.label === label),
        toNodeRow,
        `MERGE (n:${label} {${organization}, id: row.id}) SET n += row.properties`,
      )
  for await (const page of edges())
    for (const [label, ends] of Object.entries(endsOf))
      yield* statements(
        page.filter((edge) => edge.label === label),
        toEdgeRow,
        `MATCH (a:${ends.from} {${organization}, id: row.from}) MATCH (b:${ends.to} {${organization}, id: row.to}) ` +
          `MERGE (a)-[r:${label} {${organization}, ${ends.key}}]->(b) SET r += row.properties`,
      )
}

const endsOf = {
  MENTIONS: { from: 'Document', to: 'Entity', key: 'relation: row.type' },
  RELATED: { from: 'Entity', to: 'Entity', key: 'type: row.type, source: row.source' },
}

function* statements<Item>(items: readonly Item[], toRow: (item: Item) => string, work: string): Iterable<string> {
  for (let start = 0; start < items.length; start += rowsPerStatement) {
    const rows = items.slice(start, start + rowsPerStatement).map(toRow)
    yield `UNWIND [${rows.join(', ')}] AS row ${work};\n`
  }
}

function toNodeRow({ id, properties }: ExportNode): string {
  return toMap({ id: toLiteral(id), properties: toProperties(properties) })
}

function toEdgeRow({ from, to, type, properties: { source, ...properties } }: ExportEdge): string {
  return toMap({
    from: toLiteral(from),
    to: toLiteral(to),
    type: toLiteral(type),
    source: toLiteral(source ?? ''),
    properties: toProperties(properties),
  })
}

function toProperties(properties: Properties): string {
  const known = Object.entries(properties).flatMap(([name, value]) =>
    value === null ? [] : [[name, toLiteral(value)]],
  )
  return toMap(Object.fromEntries(known))
}

function toMap(entries: Record<string, string>): string {
  return `{${Object.entries(entries)
    .map(([name, literal]) => `${name}: ${literal}`)
    .join(', ')}}`
}

const escapes: Record<string, string> = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** A value as Cypher spells it. Quotes, backslashes and line ends are escaped, so that no text ends its string, or its statement. */
function toLiteral(value: string | number | readonly string[]): string {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') return `[${value.map(toLiteral).join(', ')}]`
  return `'${value.toWellFormed().replace(/[\\'\n\r\t]/g, (sign) => escapes[sign] ?? sign)}'`
}
