import type { BaseContext } from '../subgraph/subgraph.ts'
import type { Builder } from './builder.ts'

/** Places on pages, the same in every subgraph that cites. */
export function addBoxes<Context extends BaseContext>(builder: Builder<Context>): void {
  builder.objectType('Box', {
    description: 'A rectangle on a page, in fractions of its width and height, origin top left.',
    shareable: true,
    fields: (t) => ({
      x: t.exposeFloat('x'),
      y: t.exposeFloat('y'),
      width: t.exposeFloat('width'),
      height: t.exposeFloat('height'),
    }),
  })
  builder.objectType('PageBox', {
    description: 'A rectangle and the page it is on.',
    shareable: true,
    fields: (t) => ({
      page: t.exposeInt('page', { description: 'From 1.' }),
      box: t.expose('box', { type: 'Box' }),
    }),
  })
}
