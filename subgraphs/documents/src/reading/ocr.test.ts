import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { flatten, openTestReader, type TestReader } from './testing/open-reader.ts'

let reader: TestReader
beforeAll(async () => (reader = await openTestReader()))
afterAll(() => reader.close())

const business = new URL('../../../../tests/samples/business/', import.meta.url)
const expectations = readFileSync(new URL('expected_scans.jsonl', business), 'utf8')
  .trim()
  .split('\n')
  .map((line): { file: string; expected: Record<string, unknown> } => JSON.parse(line))

test.for(['docfr-facture-02__scan.jpg', 'docfr-facture-03__photo.jpg'])(
  'what is printed on %s is recognised',
  async (name) => {
    const { expected } = expectations.find(({ file }) => file === name) ?? { expected: {} }
    const { seller, buyer, invoice_number, iban } = expected as {
      seller: Record<string, string>
      buyer: Record<string, string>
      invoice_number: string
      iban: string
    }
    const { pages } = await reader.readDocument(reader.sample(`business/${name}`))
    const text = flatten(pages).replaceAll(' ', '')
    const values = [invoice_number, iban, seller.siret, seller.vat, seller.name, buyer.name, buyer.city].map((value) =>
      String(value).replaceAll(' ', ''),
    )
    expect(values.filter((value) => !text.includes(value))).toEqual([])
    expect(pages[0]).toMatchObject({ recognized: true })
    expect(pages[0]?.confidence).toBeGreaterThan(0.85)
  },
)

test('lone figures in the columns of a photographed table are found too', async () => {
  const { pages } = await reader.readDocument(reader.sample('business/docfr-facture-07__photo.jpg'))
  expect(pages[0]?.text).toMatch(/Palette Europe, messagerie\t12\t82,71\t10 ?%\t992,52 EUR/)
})

test('a picture on its head is read, and its boxes are where the viewer shows the words', async () => {
  const { pages } = await reader.readDocument(reader.sample('formats/upside-down.png'))
  expect(flatten(pages)).toContain('Colis 6A12345678901')
  const word = pages[0]?.words.find(({ text }) => text === 'BON')
  expect(word?.box.x).toBeGreaterThan(0.8)
  expect(word?.box.y).toBeGreaterThan(0.8)
})

test('a photograph is read as it was held, with the size its viewer shows', async () => {
  const { pages } = await reader.readDocument(reader.sample('formats/held-sideways.jpg'))
  expect(pages[0]).toMatchObject({ width: 1240, height: 877 })
  const word = pages[0]?.words.find(({ text }) => text === 'BON')
  expect(word?.box.x).toBeLessThan(0.12)
  expect(word?.box.y).toBeLessThan(0.2)
})

test.for(['delivery-note.heic', 'delivery-note.webp'])('%s is read', async (name) => {
  const { pages } = await reader.readDocument(reader.sample(`formats/${name}`))
  expect(flatten(pages)).toContain('Destinataire : Garage Muller')
})

test('every page of a TIFF is read', async () => {
  const { pages } = await reader.readDocument(reader.sample('formats/two-pages.tiff'))
  expect(pages.map(({ text }) => text.split('\n')[0])).toEqual(['BON DE LIVRAISON BL-20250114', 'PAGE DEUX'])
})

test('in a PDF only the pages that are pictures are recognised', async () => {
  const file = reader.sample('formats/scan-with-text-page.pdf')
  const extraction = await reader.extractPages(file)
  expect(extraction.needsRecognition).toEqual([1, 2])
  const seen: { number: number; recognized: boolean; handled: number[]; done: number; total: number }[] = []
  const { failed, characters } = await reader.recognizePages(
    { ...file, contentType: extraction.contentType },
    extraction.needsRecognition,
    {
      onPages: ({ pages, handled, done, total }) => {
        for (const { number, recognized } of pages) seen.push({ number, recognized, handled, done, total })
      },
    },
  )
  expect(failed).toEqual([])
  expect(characters).toBeGreaterThan(150)
  expect(seen).toEqual([
    { number: 1, recognized: true, handled: [1], done: 1, total: 2 },
    { number: 2, recognized: true, handled: [2], done: 2, total: 2 },
  ])
})
