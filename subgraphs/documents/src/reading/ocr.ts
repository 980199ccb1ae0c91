import { layOut } from './layout.ts'
import { findOrientation, recognizePicture } from './ocr.engine.ts'
import { findMissed } from './ocr.missed.ts'
import { prepareSheet, type Sheet } from './ocr.sheet.ts'
import { findWords, toAttempt, type Attempt, type Way } from './ocr.words.ts'
import { composePage, type ReadPage } from './page.ts'
import type { Picture } from './picture.ts'
import { turn } from './straighten.ts'

const UNSURE = 0.8
const LOST = 0.6
/** Of tesseract's hundred. */
const SURE_ENOUGH = 55
const PAGE_TIME = 30_000

/** The text of a picture with words in fractions of it, and the mean of their confidence (0 to 1). */
export type Recognized = Pick<ReadPage, 'text' | 'words' | 'headings'> & { confidence: number }

/**
 * Recognises the text of a picture that may lean, stand on its side or head, or be a photograph.
 * @param options.sharper gives the same picture in more detail, for when the first look is unsure.
 * @param options.time milliseconds for one look. Rejects when the first look takes longer.
 */
export async function recognize(
  picture: Picture,
  options: { sharper?: () => Promise<Picture>; time?: number } = {},
): Promise<Recognized> {
  const time = options.time ?? PAGE_TIME
  let [source, attempt] = [picture, await look(picture, { time, degrees: 0 })]
  let degrees = 0
  if (attempt.confidence < LOST || attempt.words.length < 5) {
    degrees = (await findOrientation(picture)) ?? 0
    if (degrees > 0) attempt = better(attempt, await look(picture, { time, degrees }))
  }
  if (attempt.confidence < UNSURE && attempt.words.length > 0 && options.sharper) {
    source = await options.sharper()
    attempt = better(attempt, await look(source, { time, degrees: attempt.degrees }))
  }
  const lines = layOut(attempt.words, attempt)
  return { ...composePage(lines), confidence: Math.round(attempt.confidence * 1000) / 1000 }
}

/** One recognition of the picture, after turning it by `degrees` and then straightening it. */
async function look(picture: Picture, { time, degrees }: { time: number; degrees: number }): Promise<Attempt> {
  const upright = await turn(picture, degrees)
  const sheet = prepareSheet(upright.picture)
  const toOriginal = (x: number, y: number): { x: number; y: number } => {
    const leaning = sheet.toOriginal(x, y)
    return upright.toOriginal(leaning.x, leaning.y)
  }
  const { uneven } = sheet
  const way = { picture, toOriginal, degrees }
  const first = await readAll(sheet, { uneven, time }, way)
  return uneven && (first.words.length < 5 || first.confidence < LOST)
    ? better(first, await readAll(sheet, { uneven: false, time }, way))
    : first
}

/** Recognises the picture, then once more what the first reading left out. */
async function readAll(sheet: Sheet, manner: { uneven: boolean; time: number }, way: Way): Promise<Attempt> {
  const found = findWords(await recognizePicture(sheet.picture, manner))
  const missed = findMissed(
    sheet,
    found.map(({ word }) => word.bbox),
  )
  if (!missed) return toAttempt(found, way)
  const lines = await recognizePicture(missed.picture, { ...manner, sparse: true })
  const more = findWords(lines.map(missed.toSheet)).filter(({ word }) => word.confidence > SURE_ENOUGH)
  return toAttempt([...found, ...more], way)
}

function better(a: Attempt, b: Attempt): Attempt {
  return weight(b) > weight(a) ? b : a
}

/** Characters read, counted more when they are sure. */
function weight({ words }: Attempt): number {
  return words.reduce((sum, word) => sum + word.text.length * Math.max(0, (word.confidence ?? 0) - 0.3), 0)
}
