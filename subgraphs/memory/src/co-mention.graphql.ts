import type { CoMention } from '@passerelle/platform/graph'
import { connectionType, InvalidInput, requireScope } from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import { EntityRef, EntityTypeEnum } from './entity.graphql.ts'
import { pageAt } from './offset-page.ts'
import { periodWords, requirePeriod } from './period.ts'
import { RelationSourceRef } from './source.graphql.ts'
import { requireSources } from './source.ts'

/** With whom it is named together. */
interface Pair extends CoMention {
  id: string
}

const CoMentionRef = builder.objectRef<Pair>('CoMention').implement({
  description:
    'An entity that is named in the same documents. What is on every paper is named together with everything, which says little: what is so more often than chance would have it comes first, the nearer the better.',
  fields: (t) => ({
    entity: t.field({ description: 'Who or what it is.', type: EntityRef, resolve: ({ entity }) => entity }),
    documents: t.exposeInt('documents', { description: 'Documents that name both.' }),
    pages: t.exposeInt('pages', { description: 'Of these, those where a page names both.' }),
    passages: t.exposeInt('passages', { description: 'Of these, those where a passage names both.' }),
    lift: t.exposeFloat('lift', { description: 'How many times more often than chance would have it; 1 is chance.' }),
    score: t.exposeFloat('score', { description: 'What the ranking goes by: surprise times nearness.' }),
    sources: t.field({
      description: 'Documents in common, the latest first.',
      type: [RelationSourceRef],
      args: { first: t.arg.int({ description: 'How many, 1 to 20; 5 unless told.' }) },
      resolve: ({ id, entity }, { first }, context) =>
        context.sources.load({ from: id, to: entity.id, type: 'RELATED_TO', first: requireSources(first) }),
    }),
  }),
})

const CoMentionsConnection = connectionType(builder, 'CoMentionsConnection', { node: CoMentionRef, ranked: true })

const [usual, most] = [20, 100]

builder.objectField(EntityRef, 'coMentions', (t) =>
  t.field({
    description: 'What is named in the same documents, what is surprisingly often and near first.',
    type: CoMentionsConnection,
    args: {
      types: t.arg({ type: [EntityTypeEnum], description: 'Only these.' }),
      since: t.arg({ type: 'DateTime', description: periodWords.since }),
      until: t.arg({ type: 'DateTime', description: periodWords.until }),
      first: t.arg.int({ description: 'How many, 1 to 100; 20 unless told.' }),
    },
    resolve: async ({ id }, { types, first, ...period }, context) => {
      const { organizationId } = requireScope(context, 'graph:read')
      const limit = first ?? usual
      if (limit < 1 || limit > most) throw new InvalidInput(`first is between 1 and ${most}.`, ['first'])
      const query = { id, limit, ...requirePeriod(period), ...(types && { types }) }
      const { coMentions, truncated } = await context.platform.graph.coMentions(organizationId, query)
      const nodes = coMentions.map((each) => ({ ...each, id }))
      return pageAt({ nodes, hasMore: truncated }, { offset: 0 }, async () => nodes.length)
    },
  }),
)
