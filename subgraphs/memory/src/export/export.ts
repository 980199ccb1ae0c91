import { audit } from '@passerelle/platform/audit'
import { makeLink } from '@passerelle/platform/blobs/links'
import type { UrlClaims } from '@passerelle/platform/blobs/signed-url'
import { InvalidInput, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { isEntityId } from '../entity.store.ts'
import { toEdgesCsv, toNodesCsv } from './csv.ts'
import { toCypher } from './cypher.ts'
import { neighbourhoodOf, wholeGraph } from './graph.ts'
import { toGraphml } from './graphml.ts'
import type { ExportGraph } from './items.ts'

export const exportPath = '/exports/graph'
export const exportPurpose = 'graph export'

const minutes = 15
const maxDepth = 4

interface Format {
  ending: string
  contentType: string
  write(graph: ExportGraph): AsyncIterable<string>
}

export const formats = {
  GRAPHML: { ending: '.graphml', contentType: 'application/graphml+xml; charset=utf-8', write: toGraphml },
  CSV_NODES: { ending: '-noeuds.csv', contentType: 'text/csv; charset=utf-8', write: toNodesCsv },
  CSV_EDGES: { ending: '-liens.csv', contentType: 'text/csv; charset=utf-8', write: toEdgesCsv },
  CYPHER: { ending: '.cypher', contentType: 'text/plain; charset=utf-8', write: toCypher },
} satisfies Record<string, Format>
export type ExportFormat = keyof typeof formats

export interface GraphExport {
  url: string
  filename: string
  expiresAt: Date
}

interface Wanted {
  format: ExportFormat
  around?: string | null | undefined
  depth?: number | null | undefined
}

/** A link to the organisation's graph, or to what is around one entity, that lives a quarter of an hour; null for an unknown entity. */
export async function linkExport(
  platform: Platform,
  viewer: Viewer,
  { format, around = null, depth }: Wanted,
): Promise<GraphExport | null> {
  const { organizationId } = viewer
  const steps = depth ?? 1
  if (steps < 1 || steps > maxDepth) throw new InvalidInput(`depth is between 1 and ${maxDepth}.`, ['depth'])
  const name = around === null ? 'graphe' : await nameOf(platform, organizationId, around)
  if (name === null) return null
  const now = new Date()
  const filename = `${name}-${now.toISOString().slice(0, 10)}${formats[format].ending}`
  const expiresAt = new Date(now.getTime() + minutes * 60_000)
  const subjectId = around === null ? format : `${format} ${around} ${steps}`
  await platform.sql.withOrganization(viewer, async (tx) =>
    audit(tx, {
      action: 'graph.exported',
      ...(around !== null && { subject: { kind: 'Entity', id: around } }),
      detail: { format },
    }),
  )
  const path = `${exportPath}/${encodeURIComponent(filename)}`
  return {
    url: makeLink(platform, viewer, { path, purpose: exportPurpose, subjectId, expiresAt }),
    filename,
    expiresAt,
  }
}

/** The export a link is for; null for a link that means none of ours. */
export async function openExport(
  { graph }: Platform,
  { organizationId, subjectId }: UrlClaims,
): Promise<{ contentType: string; text: AsyncIterable<string> } | null> {
  const [name = '', around, depth] = subjectId.split(' ')
  const format: Format | undefined = Object.entries(formats).find(([known]) => known === name)?.[1]
  if (!format) return null
  const exported = around
    ? await neighbourhoodOf(graph, organizationId, { id: around, depth: Number(depth) })
    : wholeGraph(graph, organizationId)
  return { contentType: format.contentType, text: format.write(exported) }
}

/** A file name for what is around the entity: its name in plain letters. */
async function nameOf({ graph }: Platform, organizationId: string, id: string): Promise<string | null> {
  const [entity] = isEntityId(id) ? await graph.loadEntities(organizationId, [id]) : []
  if (!entity) return null
  const plain = entity.name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .toLowerCase()
  return plain || 'graphe'
}
