import { builder } from './builder.ts'
import type { ReadPage, ReadWord } from './reading/reading.ts'

const WordRef = builder.objectRef<ReadWord>('Word').implement({
  fields: (t) => ({
    text: t.exposeString('text'),
    box: t.expose('box', { type: 'Box' }),
    confidence: t.float({ nullable: true, description: '0 to 1 for recognised words, null for printed ones.', resolve: (word) => word.confidence ?? null }),
  }),
})

export const PageRef = builder.objectRef<ReadPage>('Page').implement({
  description: 'A page as it was read: its text in reading order, and where each word is.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'From 1.' }),
    width: t.exposeFloat('width', { description: 'Of the page shown upright: points for PDF and text, pixels for images.' }),
    height: t.exposeFloat('height'),
    text: t.exposeString('text'),
    recognized: t.exposeBoolean('recognized', { description: 'True when the text was recognised from a picture.' }),
    confidence: t.float({ nullable: true, description: "Mean of the recognised words', 0 to 1.", resolve: (page) => page.confidence ?? null }),
    words: t.expose('words', { type: [WordRef] }),
  }),
})
