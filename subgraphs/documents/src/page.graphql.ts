import { builder } from './builder.ts'
import type { ReadPage, ReadWord } from './reading/reading.ts'

const WordRef = builder.objectRef<ReadWord>('Word').implement({
  description: 'A printed word and where it stands.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'As it is printed, punctuation included.' }),
    box: t.expose('box', { type: 'Box', description: 'Around the whole word.' }),
    confidence: t.float({
      nullable: true,
      description: '0 to 1 for recognised words, null for printed ones.',
      resolve: (word) => word.confidence ?? null,
    }),
  }),
})

export const PageRef = builder.objectRef<ReadPage>('Page').implement({
  description: 'A page as it was read: its text in reading order, and where each word is.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'From 1.' }),
    width: t.exposeFloat('width', {
      description: 'Of the page shown upright: points for PDF and text, pixels for images.',
    }),
    height: t.exposeFloat('height', { description: 'In the same unit as `width`.' }),
    text: t.exposeString('text', {
      description:
        'In reading order: a newline between lines, an empty line between blocks, a tab between the cells of a table.',
    }),
    recognized: t.exposeBoolean('recognized', { description: 'True when the text was recognised from a picture.' }),
    confidence: t.float({
      nullable: true,
      description: "Mean of the recognised words', 0 to 1.",
      resolve: (page) => page.confidence ?? null,
    }),
    words: t.expose('words', { type: [WordRef], description: 'In reading order.' }),
  }),
})
