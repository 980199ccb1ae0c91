import { edgeProperties, nodeProperties, type ExportGraph, type Properties } from './items.ts'

/** What each property is, for readers that sort and weigh; all else is text. */
const numbers = new Set(['documents', 'mentions', 'count', 'page', 'confidence'])

/** GraphML, as Gephi, yEd, NetworkX and Neo4j read it. Only lines between nodes of the file are written: others would make it invalid. */
export async function* toGraphml({ nodes, edges }: ExportGraph): AsyncIterable<string> {
  yield head()
  const ids = new Set<string>()
  for await (const page of nodes()) {
    for (const { id } of page) ids.add(id)
    yield page
      .map(({ id, label, properties }) => `<node id="${toXml(id)}">${toData('n', { label, ...properties })}</node>\n`)
      .join('')
  }
  let count = 0
  for await (const page of edges()) {
    yield page
      .filter(({ from, to }) => ids.has(from) && ids.has(to))
      .map(
        ({ from, to, label, type, properties }) =>
          `<edge id="e${count++}" source="${toXml(from)}" target="${toXml(to)}">${toData('e', { label, type, ...properties })}</edge>\n`,
      )
      .join('')
  }
  yield '</graph>\n</graphml>\n'
}

function head(): string {
  const keysOf = (domain: 'node' | 'edge', names: readonly string[]) =>
    names
      .map((name) => {
        const type = numbers.has(name) ? 'double' : 'string'
        return `<key id="${domain[0]}_${name}" for="${domain}" attr.name="${name}" attr.type="${type}"/>\n`
      })
      .join('')
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ',
    'xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n',
    keysOf('node', ['label', ...nodeProperties]),
    keysOf('edge', ['label', 'type', ...edgeProperties]),
    '<graph edgedefault="directed">\n',
  ].join('')
}

function toData(domain: 'n' | 'e', properties: Properties): string {
  return Object.entries(properties)
    .flatMap(([name, value]) => {
      const text = typeof value === 'object' ? (value?.join(' | ') ?? '') : String(value)
      return text === '' ? [] : [`<data key="${domain}_${name}">${toXml(text)}</data>`]
    })
    .join('')
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }
// oxlint-disable-next-line no-control-regex -- these are exactly what XML 1.0 has no way to write
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

/** Text as XML has it; what XML cannot say (control characters, halves of a pair) is left out. */
function toXml(text: string): string {
  return text
    .toWellFormed()
    .replace(unwritable, '')
    .replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)
}
