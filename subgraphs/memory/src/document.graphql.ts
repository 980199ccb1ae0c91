import { connectionType, pageArgs, requireScope } from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import { EntityRef, EntityTypeEnum } from './entity.graphql.ts'
import { requireFilter } from './entity.ts'
import { listDocumentEntities } from './entity.store.ts'
import { requireOffsetPage } from './offset-page.ts'

const DocumentEntitiesConnection = connectionType(builder, 'DocumentEntitiesConnection', { node: EntityRef })

/** A document, of which the graph knows the id; the rest is documents', with its own word on who may see it. */
export const DocumentRef = builder.externalRef('Document', builder.selection<{ id: string }>('id'))

DocumentRef.implement({
  externalFields: (t) => ({ id: t.id() }),
  fields: (t) => ({
    entities: t.field({
      description: 'Whom and what it names, the most mentioned first.',
      type: DocumentEntitiesConnection,
      nullable: true,
      args: { ...pageArgs(t), types: t.arg({ type: [EntityTypeEnum], description: 'Only these.' }) },
      resolve: ({ id }, { types, ...args }, context) => {
        const viewer = requireScope(context, 'graph:read')
        const filter = { documentId: id, ...requireFilter({ types }) }
        return listDocumentEntities(context.platform.graph, viewer, { filter, page: requireOffsetPage(args) })
      },
    }),
  }),
})
