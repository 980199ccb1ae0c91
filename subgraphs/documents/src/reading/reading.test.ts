import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Cancelled } from '@passerelle/platform/sandbox'
import type { ReadPage } from './reading.ts'
import { makePdf, showLines } from './testing/make-pdf.ts'
import { openTestReader, type TestReader } from './testing/open-reader.ts'

let reader: TestReader
beforeAll(
  async () =>
    (reader = await openTestReader({ extractionStall: 3_000, extraction: 200_000, bytes: 2_000_000, pages: 40 })),
)
afterAll(() => reader.close())

const page = (text: string): string => showLines([{ x: 72, y: 700, text }])
const pages = (count: number): string[] => Array.from({ length: count }, (_, index) => page(`Page ${index + 1}`))
/** Opens a few hundred thousand graphics states: pdfjs does not come back from it within any patience. */
const hang = 'q '.repeat(600_000)
/** Half a gigabyte of spaces, from a few hundred kilobytes. */
const bomb = ' '.repeat(500_000_000)

test.for([
  ['empty.pdf', '', 'EMPTY'],
  ['program.exe', Buffer.from([0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0xff, 0xff, 0, 0]), 'UNSUPPORTED_TYPE'],
  ['letters.rtf', '{\\rtf1\\ansi Bonjour}', 'UNSUPPORTED_TYPE'],
  ['noise.txt', Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919) % 251)), 'UNSUPPORTED_TYPE'],
  ['not-really.pdf', 'Ceci n’est pas un PDF', 'UNREADABLE'],
  ['cut.pdf', makePdf(pages(1)).subarray(0, 120), 'UNREADABLE'],
  ['long.pdf', makePdf(pages(41)), 'TOO_MANY_PAGES'],
  ['long.txt', 'mot '.repeat(300_000), 'TOO_MANY_PAGES'],
  ['large.txt', 'x'.repeat(2_000_001), 'TOO_LARGE'],
  [
    'cut.png',
    readFileSync(new URL('../../../../tests/samples/formats/delivery-note.png', import.meta.url)).subarray(0, 6000),
    'UNREADABLE',
  ],
  ['hang.pdf', makePdf([hang]), 'TIMED_OUT'],
] as [string, string | Buffer, string][])('%s is refused', async ([filename, bytes, code]) => {
  await expect(reader.readDocument(await reader.file(filename, bytes))).rejects.toMatchObject({ name: 'Unread', code })
})

test('a PDF whose pages are blank is EMPTY', async () => {
  await expect(reader.readDocument(reader.sample('formats/blank.pdf'))).rejects.toMatchObject({ code: 'EMPTY' })
})

test('pages that cannot be read are passed over, and the others are read', { timeout: 180_000 }, async () => {
  const file = await reader.file(
    'some.pdf',
    makePdf([page('Premiere'), hang, page('Troisieme'), bomb, page('Cinquieme')]),
  )
  const { pages: read, failed, pageCount } = await reader.readDocument(file)
  expect(read.map(({ text }) => text)).toEqual(['Premiere', '', 'Troisieme', '', 'Cinquieme'])
  expect(failed).toEqual([2, 4])
  expect(pageCount).toBe(5)
})

test('of a PDF that lost its end, the pages that are left are read', async () => {
  const whole = readFileSync(reader.sample('business/docfr-reclam-00.pdf').path)
  const { pages: read } = await reader.readDocument(
    await reader.file('lost.pdf', whole.subarray(0, whole.length - 700)),
  )
  expect(read[0]?.text).toContain('Objet : réclamation – colis non reçu, envoi 6A54740512216')
})

test('letters of absurd size or place are left out and cost no time', async () => {
  const content = showLines([
    { x: 72, y: 700, text: 'Bordereau' },
    { x: 72, y: 600, text: 'Enorme', size: 2_000_000_000 },
    { x: 2_000_000_000, y: 500, text: 'Ailleurs' },
  ])
  const { pages: read } = await reader.readDocument(await reader.file('absurd.pdf', makePdf([content])))
  expect(read[0]?.text).toBe('Bordereau')
})

test('a document that hangs holds up no other', async () => {
  const finished: string[] = []
  const note = (name: string) => () => finished.push(name)
  const hanging = reader.readDocument(await reader.file('hanging.pdf', makePdf([hang]))).catch(note('hanging'))
  const others = ['docfr-bl-00.pdf', 'docfr-bl-01.pdf', 'docfr-cmr-00.pdf'].map((name) =>
    reader.readDocument(reader.sample(`business/${name}`)).then(note('other')),
  )
  await Promise.all([hanging, ...others])
  expect(finished).toEqual(['other', 'other', 'other', 'hanging'])
})

test('pages arrive in batches, and reading can begin again at a page', async () => {
  const file = await reader.file('thirty.pdf', makePdf(pages(30)))
  const batches: { numbers: number[]; done: number; total: number }[] = []
  const onPages = (batch: { pages: ReadPage[]; done: number; total: number }): void => {
    batches.push({ numbers: batch.pages.map(({ number }) => number), done: batch.done, total: batch.total })
  }
  const whole = await reader.extractPages(file, { onPages })
  expect(batches.length).toBeGreaterThan(1)
  expect(batches.flatMap(({ numbers }) => numbers)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
  expect(batches.map(({ done, total, numbers }) => [done, total, numbers.at(-1)])).toEqual(
    batches.map(({ numbers }) => [numbers.at(-1), 30, numbers.at(-1)]),
  )
  expect(whole).toMatchObject({ contentType: 'application/pdf', pageCount: 30, needsRecognition: [], failed: [] })
  batches.length = 0
  await reader.extractPages(file, { onPages, fromPage: 28 })
  expect(batches.flatMap(({ numbers }) => numbers)).toEqual([28, 29, 30])
})

test('an abort ends reading', async () => {
  const abort = new AbortController()
  const reading = reader.extractPages(await reader.file('aborted.pdf', makePdf([page('Premiere'), hang])), {
    signal: abort.signal,
  })
  setTimeout(() => abort.abort(), 50)
  await expect(reading).rejects.toBeInstanceOf(Cancelled)
})

test('a store that fails ends reading with its own error', async () => {
  const onPages = (): Promise<void> => Promise.reject(new Error('the disk is full'))
  await expect(reader.extractPages(reader.sample('business/docfr-bl-00.pdf'), { onPages })).rejects.toThrow(
    'the disk is full',
  )
})

test('the type of a file is found in its bytes, whatever its name says', async () => {
  const pdf = readFileSync(reader.sample('business/docfr-bl-00.pdf').path)
  const { contentType } = await reader.extractPages(await reader.file('photo.jpg', pdf))
  expect(contentType).toBe('application/pdf')
})
