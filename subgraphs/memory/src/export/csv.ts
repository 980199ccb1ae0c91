import { toCsvLine } from '@passerelle/platform/text'
import { edgeProperties, nodeProperties, type ExportGraph } from './items.ts'

/** The nodes as a table (RFC 4180, UTF-8 with its mark so that spreadsheets read accents). */
export async function* toNodesCsv({ nodes }: ExportGraph): AsyncIterable<string> {
  yield `\ufeff${toCsvLine(['id', 'label', ...nodeProperties])}`
  for await (const page of nodes())
    yield page
      .map(({ id, label, properties }) => toCsvLine([id, label, ...nodeProperties.map((name) => properties[name])]))
      .join('')
}

/** The lines as a table; `from` and `to` are ids of the nodes. */
export async function* toEdgesCsv({ edges }: ExportGraph): AsyncIterable<string> {
  yield `\ufeff${toCsvLine(['from', 'to', 'label', 'type', ...edgeProperties])}`
  for await (const page of edges())
    yield page
      .map(({ from, to, label, type, properties }) =>
        toCsvLine([from, to, label, type, ...edgeProperties.map((name) => properties[name])]),
      )
      .join('')
}
