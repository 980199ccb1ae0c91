import { requireScope } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { linkExport, type ExportFormat, type GraphExport } from './export.ts'

const GraphExportFormatEnum = builder.enumType('GraphExportFormat', {
  description: 'What a graph is written as.',
  values: {
    GRAPHML: { description: 'XML that Gephi, yEd, NetworkX and Neo4j read.' },
    CSV_NODES: {
      description: 'Entities and documents, one a line. Text that looks like a formula begins with an apostrophe.',
    },
    CSV_EDGES: { description: 'Mentions and relations, one a line, with the ids of CSV_NODES.' },
    CYPHER: { description: 'A script that fills a Neo4j; it may be run again.' },
  } satisfies Record<ExportFormat, { description: string }>,
})

const GraphExportRef = builder.objectRef<GraphExport>('GraphExport').implement({
  description: 'A file with the knowledge graph, written while it is downloaded.',
  fields: (t) => ({
    url: t.exposeString('url', {
      description: 'GET it, relative to the API’s origin; the link is the right, and good for a quarter of an hour.',
    }),
    filename: t.exposeString('filename', { description: 'What it is saved as.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When the link ends.' }),
  }),
})

builder.queryField('graphExport', (t) =>
  t.field({
    description:
      'A link to the knowledge graph as a file: all of it, or what is around one entity; null when nobody knows that entity.',
    type: GraphExportRef,
    nullable: true,
    args: {
      format: t.arg({ type: GraphExportFormatEnum, required: true, description: 'What it is written as.' }),
      around: t.arg.id({ description: 'The entity in the middle; everything unless told.' }),
      depth: t.arg.int({ description: 'Steps around it, 1 to 4; 1 unless told.' }),
    },
    resolve: (_root, args, context) => linkExport(context.platform, requireScope(context, 'graph:read'), args),
  }),
)
