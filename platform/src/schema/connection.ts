import type { ArgBuilder, ObjectRef, SchemaTypes } from '@pothos/core'
import type { BaseContext } from '../subgraph/subgraph.ts'
import type { Builder, Extended } from './builder.ts'
import type { Page } from './page.ts'

type AnyBuilder<Context extends BaseContext> = Builder<Context>

/**
 * A Relay connection over a Page: edges with cursors, and the nodes straight away for who needs no cursor of each. Ranked results have no
 * total (`ranked: true`), because nobody can count what matches a little. `tag: 'partner'` has it in the partner contract.
 */
export function connectionType<Context extends BaseContext, Node>(
  builder: AnyBuilder<Context>,
  name: string,
  {
    node,
    ranked = false,
    tag = [],
  }: { node: ObjectRef<Extended<Context>, Node>; ranked?: boolean; tag?: string | string[] },
): ObjectRef<Extended<Context>, Page<Node>> {
  const edge = builder.objectRef<{ cursor: string; node: Node }>(name.replace(/Connection$/, 'Edge')).implement({
    description: 'One of a list, and where it stands there.',
    tag,
    fields: (t) => ({
      cursor: t.exposeString('cursor', { description: 'Given as `after`, continues the list right after this one.' }),
      node: t.field({ description: 'What the list is of.', type: node, resolve: (parent) => parent.node as never }),
    }),
  })
  const connection = builder.objectRef<Page<Node>>(name)
  connection.implement({
    description: ranked ? 'A page of a ranking, the best first.' : 'A page of a list.',
    tag,
    fields: (t) => ({
      nodes: t.field({
        description: 'What is on this page, in order.',
        type: [node],
        resolve: (page) => page.nodes as never,
      }),
      edges: t.field({
        description: 'The same with a cursor for each.',
        type: [edge],
        resolve: (page) => page.nodes.map((each, index) => ({ cursor: page.cursors[index] ?? '', node: each })),
      }),
      pageInfo: t.field({
        description: 'Whether and where the list goes on.',
        type: 'PageInfo',
        resolve: ({ hasNextPage, hasPreviousPage, cursors }) => ({
          hasNextPage,
          hasPreviousPage,
          startCursor: cursors[0] ?? null,
          endCursor: cursors.at(-1) ?? null,
        }),
      }),
      ...(!ranked && {
        totalCount: t.int({
          description: 'All that match, on every page together; counted only when asked for.',
          resolve: (page) => page.total(),
        }),
      }),
    }),
  })
  return connection
}

/** `first` (1 to 100, 20 unless told) and `after`: the arguments of every list. */
export function pageArgs<Types extends SchemaTypes>(t: { arg: ArgBuilder<Types> }) {
  return {
    first: t.arg.int({ description: 'How many, 1 to 100; 20 unless told.' }),
    after: t.arg.string({ description: 'The cursor after which to continue.' }),
  }
}
