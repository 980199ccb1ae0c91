import { builder } from '../builder.ts'
import type { ReadPage, ReadSegment, ReadWord } from '../reading/reading.ts'

const WordRef = builder.objectRef<ReadWord>('Word').implement({
  tag: 'partner',
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

const SpeechSegmentRef = builder.objectRef<ReadSegment & { page: ReadPage }>('SpeechSegment').implement({
  tag: 'partner',
  description: 'What is said in one breath. Times are milliseconds of the recording.',
  fields: (t) => ({
    startMs: t.exposeInt('startMs', { description: 'When it begins.' }),
    endMs: t.exposeInt('endMs', { description: 'When it ends.' }),
    speaker: t.exposeString('speaker', {
      nullable: true,
      description: 'Who speaks, as the speech server tells voices apart; null when it does not.',
    }),
    text: t.string({
      description: 'As it was heard, in lines of the page.',
      resolve: ({ page, start, end }) => page.text.slice(start, end),
    }),
    words: t.field({
      type: [WordRef],
      description: 'The same, word by word.',
      resolve: ({ page, start, end }) => page.words.filter((word) => word.start >= start && word.start < end),
    }),
  }),
})

export const PageRef = builder.objectRef<ReadPage>('Page').implement({
  tag: 'partner',
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
    startMs: t.int({
      nullable: true,
      description: 'When it begins in the recording, in milliseconds; null for what is printed.',
      resolve: ({ segments }) => segments?.[0]?.startMs ?? null,
    }),
    endMs: t.int({
      nullable: true,
      description: 'When it ends there, in milliseconds; null for what is printed.',
      resolve: ({ segments }) => segments?.at(-1)?.endMs ?? null,
    }),
    segments: t.field({
      type: [SpeechSegmentRef],
      description: 'What is said when, in order; none for what is printed.',
      resolve: (page) => (page.segments ?? []).map((segment) => ({ ...segment, page })),
    }),
  }),
})
