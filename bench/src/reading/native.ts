import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import extract, { type ExtractProgress } from '../../../subgraphs/documents/src/reading/extract.task.ts'
import { cpuOf, cpuOfProgram, isInstalled, median } from './cpu.ts'
import { businessSamples, makeReport, sample } from './papers.ts'

const rounds = 5

/** Reads files and answers how many pages and words it found. */
type Way = (paths: readonly string[]) => Promise<{ pages: number; words: number }>

async function extractAll(paths: readonly string[]): Promise<{ pages: number; words: number }> {
  let [pages, words] = [0, 0]
  const report = async (progress: ExtractProgress) => {
    if (!('pages' in progress)) return
    pages += progress.pages.length
    words += progress.pages.reduce((sum, page) => sum + page.words.length, 0)
  }
  for (const path of paths)
    await extract({ path, filename: basename(path), fromPage: 1, skip: [], maxPages: 500 }, { report })
  return { pages, words }
}

/** Text as pdfjs gives it: neither words nor boxes nor an order of reading. */
async function extractRaw(paths: readonly string[]): Promise<{ pages: number; words: number }> {
  let [pages, words] = [0, 0]
  for (const path of paths) {
    const document = await getDocument({ data: new Uint8Array(await readFile(path)), verbosity: 0 }).promise
    for (let number = 1; number <= document.numPages; number++) {
      const page = await document.getPage(number)
      const { items } = await page.getTextContent()
      const text = items.map((item) => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : '')).join('')
      words += text.split(/\s+/).filter(Boolean).length
      pages++
      page.cleanup()
    }
    await document.loadingTask.destroy()
  }
  return { pages, words }
}

async function compare(title: string, paths: readonly string[], hasPoppler: boolean): Promise<void> {
  const ways: Record<string, Way> = { passerelle: extractAll, pdfjs: extractRaw }
  const found = { passerelle: await extractAll(paths), pdfjs: await extractRaw(paths) }
  const { pages } = found.passerelle
  const costs: Record<string, number[]> = { passerelle: [], pdfjs: [], poppler: [] }
  // In turns, so that whatever else the machine does hits all of them.
  for (let round = 0; round < rounds; round++) {
    for (const [name, way] of Object.entries(ways)) costs[name]?.push(await cpuOf(() => way(paths)))
    if (!hasPoppler) continue
    let spent = 0
    for (const path of paths) spent += await cpuOfProgram(['pdftotext', '-bbox', path, '/dev/null'], { times: 10 })
    costs.poppler?.push(spent)
  }
  const perPage = (name: string) => median(costs[name] ?? []) / pages
  const ours = perPage('passerelle')
  const line = (name: string, cost: number, more: string) =>
    console.log(`  ${name.padEnd(42)} ${cost.toFixed(2).padStart(8)} ms CPU/page   ${more}`)
  console.log(`\n${title}: ${paths.length} files, ${pages} pages (median of ${rounds} rounds)`)
  line('passerelle, words with boxes in order', ours, `${found.passerelle.words} words`)
  line(
    'pdfjs getTextContent (peer)',
    perPage('pdfjs'),
    `${found.pdfjs.words} words   ours is ${(ours / perPage('pdfjs')).toFixed(2)} × it`,
  )
  if (hasPoppler)
    line(
      'pdftotext -bbox, a process per file (peer)',
      perPage('poppler'),
      `ours is ${(ours / perPage('poppler')).toFixed(2)} × it`,
    )
}

/** Native text with boxes, beside pdfjs's raw text in the same process and poppler's words with boxes. */
export async function compareNative(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-bench-'))
  try {
    const hasPoppler = await isInstalled('pdftotext')
    if (!hasPoppler) console.log('pdftotext is not installed (package poppler-utils): that peer is left out.')
    const report = join(folder, 'report.pdf')
    await writeFile(report, makeReport(100, 1))
    const papers = [...(await businessSamples(/\.pdf$/)), sample('formats/two-columns.pdf')]
    await compare('Papers of one page', papers, hasPoppler)
    await compare('A report of running text', [report], hasPoppler)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
