import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPdf } from './pdf.open.ts'
import { renderPdfPage } from './pdf.render.ts'
import { flatten, openTestReader, type TestReader } from './testing/open-reader.ts'
import { makePdf, showLines } from './testing/make-pdf.ts'

let reader: TestReader
beforeAll(async () => (reader = await openTestReader()))
afterAll(() => reader.close())

const business = new URL('../../../../tests/samples/business/', import.meta.url)
const expectations = readFileSync(new URL('expected.jsonl', business), 'utf8')
  .trim()
  .split('\n')
  .map((line): { file: string; expected: Record<string, unknown> } => JSON.parse(line))

/** The values that are printed as they stand: names, numbers, places; dates and amounts are printed in other forms. */
function printedValues(value: unknown): string[] {
  if (typeof value === 'string' && !/^\d{4}-\d\d-\d\d$/.test(value)) return [value]
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(printedValues) : []
}

const unspaced = (text: string): string => text.replaceAll(/\s/g, '')

test('every value that is printed on a business PDF is in its text', async () => {
  const missing: string[] = []
  for (const { file, expected } of expectations) {
    const { pages } = await reader.readDocument(reader.sample(`business/${file}`))
    const text = unspaced(flatten(pages))
    const { document_type: _type, currency: _currency, ...printed } = expected
    missing.push(
      ...printedValues(printed)
        .filter((value) => !text.includes(unspaced(value)))
        .map((value) => `${file}: ${value}`),
    )
  }
  expect(missing).toEqual([])
})

// Positions in points as another engine (MuPDF) gives them, so that our own reading of the operators is not its own proof.
const measured: [word: string, left: number, right: number, baseline: number][] = [
  ['INV/2023/59255', 478.4, 550.67, 72],
  ['FR93635848898', 373.43, 433.02, 199],
  ['737,13', 506.6, 540.24, 350],
]

test.for(measured)('a word of a PDF has the box of its letters: %s', async ([text, left, right, baseline]) => {
  const [page] = (await reader.readDocument(reader.sample('business/docfr-facture-00.pdf'))).pages
  const box = page?.words.find((word) => word.text === text)?.box
  if (!page || !box) throw new Error(`${text} was not read`)
  expect(Math.abs(box.x * page.width - left)).toBeLessThan(0.3)
  expect(Math.abs((box.x + box.width) * page.width - right)).toBeLessThan(0.3)
  expect(box.y * page.height).toBeLessThan(baseline - 5)
  expect((box.y + box.height) * page.height).toBeGreaterThan(baseline)
})

test('nearly all ink of a drawn page is inside the boxes of its words, and no box is empty', async () => {
  const file = reader.sample('business/docfr-reclam-00.pdf')
  const [page] = (await reader.readDocument(file)).pages
  const { width, height, pixels } = await renderPdfPage((await openPdf(file.path)).document, 1, 100)
  const left = Uint8Array.from(pixels, (pixel) => (pixel < 128 ? 1 : 0))
  const total = left.reduce((sum, ink) => sum + ink, 0)
  for (const { box, text } of page?.words ?? []) {
    let ink = 0
    for (let y = Math.floor(box.y * height); y < (box.y + box.height) * height; y++) {
      for (let x = Math.floor(box.x * width); x < (box.x + box.width) * width; x++) {
        ink += left[y * width + x] ?? 0
        left[y * width + x] = 0
      }
    }
    expect(ink, text).toBeGreaterThan(0)
  }
  expect(left.reduce((sum, ink) => sum + ink, 0)).toBeLessThan(total * 0.01)
})

test('each word stands in the page text where it says', async () => {
  const [page] = (await reader.readDocument(reader.sample('business/docfr-cmr-00.pdf'))).pages
  expect(page?.words.length).toBeGreaterThan(50)
  for (const { text, start } of page?.words ?? []) expect(page?.text.slice(start, start + text.length)).toBe(text)
})

test('columns of running text are read one after the other, between what spans them', async () => {
  const [page] = (await reader.readDocument(reader.sample('formats/two-columns.pdf'))).pages
  const text = page?.text.replaceAll(/\s+/g, ' ') ?? ''
  expect(text).toMatch(/^Conditions generales de transport Le transporteur prend en charge la marchandise au lieu/)
  expect(text).toMatch(/supporter un transport normal\. Toute reserve est portee/)
  expect(text).toMatch(/conforme et complete\. Fait a Nantes le 14 janvier 2025$/)
  expect(page?.headings.map(({ start, end }) => page.text.slice(start, end))).toEqual([
    'Conditions generales de transport',
  ])
})

test('the boxes of a form are read box by box, and the rows of a table row by row', async () => {
  const cmr = flatten((await reader.readDocument(reader.sample('business/docfr-cmr-00.pdf'))).pages)
  expect(cmr).toContain(
    'Pharmacie Saint-Éloi 187 avenue de la République 06200 Nice France 16 Transporteur Colis Alpins EURL',
  )
  const invoice = (await reader.readDocument(reader.sample('business/docfr-facture-00.pdf'))).pages[0]?.text
  expect(invoice).toContain('Location véhicule 20 m3\t2\t151,71\t10 %\t303,42 €\n')
})

test('a turned page is as its viewer shows it', async () => {
  const [page] = (await reader.readDocument(reader.sample('formats/turned.pdf'))).pages
  expect(page).toMatchObject({ text: 'Page tournee SIRET 732829320', width: 842, height: 595 })
  const [word] = page?.words ?? []
  expect(word?.box.height).toBeGreaterThan(word?.box.width ?? 1)
})

test('the value of a form field that nothing paints is read in its place', async () => {
  const [page] = (await reader.readDocument(reader.sample('formats/form-without-appearance.pdf'))).pages
  expect(page?.text).toBe('Nom du client :\tGarage Moderne 4471')
  const box = page?.words.find((word) => word.text === '4471')?.box
  expect(box && box.x * 595).toBeGreaterThan(150)
  expect(box && (box.x + box.width) * 595).toBeLessThan(350)
})

test('a dynamic form gives its labels with what is filled in', async () => {
  const { pages } = await reader.readDocument(reader.sample('formats/dynamic-form.pdf'))
  expect(pages[0]?.text).toBe('Formulaire de reservation\nClient Durand 4471')
})

test('kerning, letter spacing and repainting do not change words', async () => {
  const content = [
    'BT /F1 12 Tf 72 700 Td [(T) 120 (ransport) -300 (express)] TJ ET',
    'BT /F1 12 Tf 4 Tc 72 660 Td (FACTURE) Tj ET',
    showLines([
      { x: 72, y: 620, text: 'Total' },
      { x: 72.3, y: 620, text: 'Total' },
    ]),
  ].join('\n')
  const { pages } = await reader.readDocument(await reader.file('spacing.pdf', makePdf([content])))
  expect(flatten(pages)).toBe('Transport express FACTURE Total')
})
