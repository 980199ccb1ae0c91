// The thread in which tesseract works. It speaks to the compiled program itself: the program's own account of a page as JSON, and the page as an
// encoded file, take a tenth of the time of the recognition. Languages come from the installed packages; nothing here has a way to the network.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { gunzipSync } from 'node:zlib'
import type { Api, Box, Core, startCore } from 'tesseract.js-core'
import { relaxedSimd } from 'wasm-feature-detect'

/** What a thread is started for: reading text, or telling how a page stands. */
export type Trade = 'text' | 'orientation'

/** A picture as its library keeps it, the program's settings for it, and where to send the outcome. */
export interface Order {
  page: Uint8Array
  settings: Record<string, string>
  answer: MessagePort
}

/** A word as tesseract found it: its box in pixels, its confidence of a hundred. */
export interface RecognizedWord {
  text: string
  confidence: number
  bbox: Box
}

/** A line of words; `baseline` leads from its first word to its last, `height` is that of its letters' bodies and reaches. */
export interface RecognizedLine {
  bbox: Box
  baseline: Box
  height: number
  words: RecognizedWord[]
}

/** What comes back. */
export type Outcome = { lines: RecognizedLine[] } | { degrees: number | undefined } | { error: string }

const PAGE = '/input'
// Levels of the program's page: block, paragraph, line, word.
const [LINE, WORD] = [2, 3]
const trade: Trade = workerData
const require = createRequire(import.meta.url)

const trades = {
  text: { languages: ['fra', 'eng'], edition: '4.0.0_best_int', engine: 1, core: '-lstm', work: readText },
  orientation: { languages: ['osd'], edition: '4.0.0', engine: 0, core: '', work: findDegrees },
}

const { core, api } = await start()
parentPort?.on('message', ({ page, settings, answer }: Order) => {
  let outcome: Outcome
  try {
    for (const [name, value] of Object.entries(settings)) api.SetVariable(name, value)
    core.FS.writeFile(PAGE, page)
    if (api.SetImageFile(1, 0) === 1) throw new Error('the picture cannot be taken')
    core.FS.unlink(PAGE)
    outcome = trades[trade].work()
  } catch (error) {
    outcome = { error: String(error) }
  }
  answer.postMessage(outcome)
  answer.close()
})

async function start(): Promise<{ core: Core; api: Api }> {
  const { languages, edition, engine, core: kind } = trades[trade]
  const simd = (await relaxedSimd()) ? 'relaxedsimd' : 'simd'
  const load: typeof startCore = require(`tesseract.js-core/tesseract-core-${simd}${kind}.js`)
  const program = await load({ print: () => undefined, printErr: () => undefined })
  for (const language of languages) {
    const folder = dirname(require.resolve(`@tesseract.js-data/${language}/package.json`))
    const packed = await readFile(join(folder, edition, `${language}.traineddata.gz`))
    program.FS.writeFile(`${language}.traineddata`, gunzipSync(packed))
  }
  const reader = new program.TessBaseAPI()
  if (reader.Init(null, languages.join('+'), engine, null) !== 0) throw new Error('the languages cannot be loaded')
  return { core: program, api: reader }
}

function readText(): Outcome {
  api.Recognize(null)
  const lines: RecognizedLine[] = []
  const page = api.GetIterator()
  page.Begin()
  do {
    if (page.Empty(WORD)) continue
    if (lines.length === 0 || page.IsAtBeginningOf(LINE)) {
      const height = page.getRowAttributes().row_height
      lines.push({ bbox: page.getBoundingBox(LINE), baseline: page.getBaseline(LINE), height, words: [] })
    }
    const [text, confidence, bbox] = [page.GetUTF8Text(WORD), page.Confidence(WORD), page.getBoundingBox(WORD)]
    lines.at(-1)?.words.push({ text, confidence, bbox })
  } while (page.Next(WORD))
  page.__destroy__()
  return { lines }
}

/** Clockwise, what turns the page upright; undefined when that is not sure. */
function findDegrees(): Outcome {
  const results = new core.OSResults()
  if (!api.DetectOS(results)) return { degrees: undefined }
  const { orientation_id, oconfidence } = results.best_result
  return { degrees: oconfidence > 1 ? [0, 270, 180, 90][orientation_id] : undefined }
}
