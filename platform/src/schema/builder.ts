import SchemaBuilder, { type ArgBuilder } from '@pothos/core'
import DirectivesPlugin from '@pothos/plugin-directives'
import ErrorsPlugin from '@pothos/plugin-errors'
import FederationPlugin from '@pothos/plugin-federation'
import type { BaseContext } from '../subgraph/subgraph.ts'
import { contracts } from './viewer.ts'
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
    Date: { Input: string; Output: string }
    JSON: { Input: unknown; Output: unknown }
  }
  Interfaces: { Node: { id: string }; Refusal: { code: string; message: string } }
  Objects: {
    Box: Box
    PageBox: PageBox
    PageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null }
  }
}

export type Extended<Context extends BaseContext> = PothosSchemaTypes.ExtendDefaultTypes<Types<Context>>

export type Builder<Context extends BaseContext = BaseContext> = PothosSchemaTypes.SchemaBuilder<Extended<Context>>

/** What makes arguments, and the fields of inputs, for a function that makes those that several have in common. */
export type Args<Context extends BaseContext> = ArgBuilder<Extended<Context>>
export type InputFields<Context extends BaseContext> = PothosSchemaTypes.InputFieldBuilder<
  Extended<Context>,
  'InputObject'
>

/** What every subgraph says of the root types, which are one for the reader. */
export const rootTypes = {
  query: { description: 'What can be read. Everything belongs to the organisation of the token that asks.' },
  mutation: {
    description: 'What can be changed. Each answers a union: what came of it, or a refusal that the caller can act on.',
  },
  subscription: {
    description: 'What can be followed live. Where there is `after`, a lost connection continues without a gap.',
  },
}

/**
 * A builder with what all subgraphs share: DateTime, Date, JSON, Node, PageInfo, boxes, the refusals, and mutations that answer `<Field>Result`, a union
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
        description: 'What came of it: the success first; each other member is a refusal and says why not.',
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
    tag: [...contracts],
    fields: (t) => ({
      hasNextPage: t.exposeBoolean('hasNextPage', { description: 'True when more follows `endCursor`.' }),
      hasPreviousPage: t.exposeBoolean('hasPreviousPage', { description: 'True when this is not the first page.' }),
      startCursor: t.exposeString('startCursor', {
        nullable: true,
        description: 'That of the first; null on an empty page.',
      }),
      endCursor: t.exposeString('endCursor', {
        nullable: true,
        description: 'Given as `after`, continues the list; null when there is nothing to continue from.',
      }),
    }),
  })
  addBoxes(builder)
  addRefusals(builder)
  return builder
}
