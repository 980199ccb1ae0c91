import type { BaseContext } from '../subgraph/subgraph.ts'
import type { Builder } from './builder.ts'

/** Places on pages, the same in every subgraph that cites. */
export function addBoxes<Context extends BaseContext>(builder: Builder<Context>): void {
  builder.objectType('Box', {
    description: 'A rectangle on a page, in fractions of its width and height, origin top left.',
    shareable: true,
    tag: 'partner',
    fields: (t) => ({
      x: t.exposeFloat('x', { description: "Its left side: 0 is the page's left edge, 1 the right one." }),
      y: t.exposeFloat('y', { description: "Its upper side: 0 is the page's top, 1 the bottom." }),
      width: t.exposeFloat('width', { description: 'In page widths.' }),
      height: t.exposeFloat('height', { description: 'In page heights.' }),
    }),
  })
  builder.objectType('PageBox', {
    description: 'A rectangle and the page it is on.',
    shareable: true,
    tag: 'partner',
    fields: (t) => ({
      page: t.exposeInt('page', { description: 'From 1.' }),
      box: t.expose('box', { type: 'Box', description: 'Where on that page.' }),
    }),
  })
}
