/** A node of an export. Values are plain, so that every format can write them; what is null is left out. */
export interface ExportNode {
  id: string
  label: 'Entity' | 'Document'
  properties: Properties
}

/** A line between two nodes: a mention, or a relation as one source states it. */
export interface ExportEdge {
  from: string
  to: string
  label: 'MENTIONS' | 'RELATED'
  /** WRITTEN_BY, ABOUT or MENTIONS of a mention; of a relation such as WORKS_FOR. */
  type: string
  properties: Properties
}

export type Properties = Readonly<Record<string, string | number | readonly string[] | null>>

/** A graph in pieces, so that it never has to be in memory whole: nodes first, then the lines among them. May be read more than once. */
export interface ExportGraph {
  organizationId: string
  nodes(): AsyncIterable<readonly ExportNode[]>
  edges(): AsyncIterable<readonly ExportEdge[]>
}

/** The properties that formats with columns have a column for. */
export const nodeProperties = [
  'name',
  'type',
  'kind',
  'key',
  'aliases',
  'documents',
  'recordType',
  'recordId',
  'at',
  'mentions',
] as const
export const edgeProperties = ['source', 'at', 'count', 'page', 'confidence', 'extractor'] as const
