import SchemaBuilder from '@pothos/core'
import DirectivesPlugin from '@pothos/plugin-directives'
import ErrorsPlugin from '@pothos/plugin-errors'
import FederationPlugin from '@pothos/plugin-federation'
import type { BaseContext } from '../subgraph/subgraph.ts'
import type { Box, PageBox } from './box.ts'
import { addBoxes } from './box-types.ts'
import { addScalars } from './scalars.ts'
import { addRefusals } from './refusal-types.ts'

/** What a subgraph's builder knows: its context, the scalars, and non-null as the default, because most of what we promise is there. */
export interface Types<Context extends BaseContext = BaseContext> {
  Context: Context
  DefaultFieldNullability: false
  Scalars: {
    ID: { Input: string; Output: string }
    DateTime: { Input: Date; Output: Date }
    JSON: { Input: unknown; Output: unknown }
  }
  Interfaces: { Node: { id: string }; Refusal: { code: string; message: string } }
  Objects: {
    Box: Box
    PageBox: PageBox
    PageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null }
  }
}

export type Builder<Context extends BaseContext = BaseContext> = PothosSchemaTypes.SchemaBuilder<
  PothosSchemaTypes.ExtendDefaultTypes<Types<Context>>
>

/**
 * A builder with what all subgraphs share: DateTime, JSON, Node, PageInfo, boxes, the refusals, and mutations that answer `<Field>Result`, a union
 * of the success and of the refusals the field lists.
 */
export function createBuilder<Context extends BaseContext>(): Builder<Context> {
  const builder = new SchemaBuilder<Types<Context>>({
    plugins: [ErrorsPlugin, DirectivesPlugin, FederationPlugin],
    defaultFieldNullability: false,
    errors: {
      directResult: true,
      defaultUnionOptions: {
        name: ({ fieldName }) => `${fieldName.charAt(0).toUpperCase()}${fieldName.slice(1)}Result`,
      },
    },
  })
  addScalars(builder)
  builder.interfaceType('Node', {
    description: 'Whatever has an id of its own.',
    fields: (t) => ({ id: t.exposeID('id', { description: 'Opaque; one form per type.' }) }),
  })
  builder.objectType('PageInfo', {
    description: 'Where a page stands in its list.',
    shareable: true,
    fields: (t) => ({
      hasNextPage: t.exposeBoolean('hasNextPage'),
      hasPreviousPage: t.exposeBoolean('hasPreviousPage'),
      startCursor: t.exposeString('startCursor', { nullable: true }),
      endCursor: t.exposeString('endCursor', { nullable: true }),
    }),
  })
  addBoxes(builder)
  addRefusals(builder)
  return builder
}
