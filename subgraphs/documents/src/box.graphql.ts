import type { Box, PageBox } from './box.ts'
import { builder } from './builder.ts'

export const BoxRef = builder.objectRef<Box>('Box').implement({
  description: 'A rectangle on a page, in fractions of its width and height, origin top left.',
  shareable: true,
  fields: (t) => ({
    x: t.exposeFloat('x'),
    y: t.exposeFloat('y'),
    width: t.exposeFloat('width'),
    height: t.exposeFloat('height'),
  }),
})

export const PageBoxRef = builder.objectRef<PageBox>('PageBox').implement({
  description: 'A rectangle and the page it is on.',
  shareable: true,
  fields: (t) => ({
    page: t.exposeInt('page', { description: 'From 1.' }),
    box: t.expose('box', { type: BoxRef }),
  }),
})
