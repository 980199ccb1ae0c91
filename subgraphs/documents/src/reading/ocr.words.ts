import type { Box } from 'tesseract.js-core'
import type { PlacedWord } from './layout.words.ts'
import type { RecognizedLine, RecognizedWord } from './ocr.thread.ts'
import type { Picture } from './picture.ts'

/** What one look at a picture gave: words placed on the original picture, whose size is given in pixels. */
export interface Attempt {
  words: PlacedWord[]
  confidence: number
  width: number
  height: number
  degrees: number
}

/** From the picture that was read back to the one that was given. */
export interface Way {
  picture: Picture
  toOriginal: (x: number, y: number) => { x: number; y: number }
  degrees: number
}

const NOISE = 0.3

/** A word and the line that it stands in. */
export interface Found {
  word: RecognizedWord
  line: RecognizedLine
}

/** The words of recognised lines; marks that are neither letters nor sure are left out. */
export function findWords(lines: readonly RecognizedLine[]): Found[] {
  return lines.flatMap((line) => line.words.filter(isWord).map((word) => ({ word, line })))
}

/** Takes words back to the picture they come from. */
export function toAttempt(found: Found[], way: Way): Attempt {
  const words = found.map(({ word, line }) => placeWord(word, line, way))
  const characters = words.reduce((sum, word) => sum + word.text.length, 0)
  const confidence =
    words.reduce((sum, word) => sum + (word.confidence ?? 0) * word.text.length, 0) / Math.max(1, characters)
  return { words, confidence, width: way.picture.width, height: way.picture.height, degrees: way.degrees }
}

function isWord({ text, confidence }: RecognizedWord): boolean {
  return text.trim() !== '' && (confidence / 100 >= NOISE || /[\p{L}\p{N}]{3}/u.test(text))
}

function placeWord({ text, bbox, confidence }: RecognizedWord, line: RecognizedLine, { toOriginal }: Way): PlacedWord {
  const corners = [
    toOriginal(bbox.x0, bbox.y0),
    toOriginal(bbox.x1, bbox.y0),
    toOriginal(bbox.x0, bbox.y1),
    toOriginal(bbox.x1, bbox.y1),
  ]
  const xs = corners.map((corner) => corner.x)
  const ys = corners.map((corner) => corner.y)
  return {
    text: text.trim(),
    left: Math.min(...xs),
    right: Math.max(...xs),
    top: Math.min(...ys),
    bottom: Math.max(...ys),
    turn: 0,
    u0: bbox.x0,
    u1: bbox.x1,
    v0: bbox.y0,
    v1: bbox.y1,
    baseline: baselineAt(line, (bbox.x0 + bbox.x1) / 2),
    size: lineHeight(line, bbox),
    confidence: Math.round(confidence * 10) / 1000,
  }
}

function baselineAt({ baseline, bbox }: RecognizedLine, x: number): number {
  const { x0, y0, x1, y1 } = baseline
  const y = x1 === x0 ? y0 : y0 + ((y1 - y0) * (x - x0)) / (x1 - x0)
  return Math.min(bbox.y1, Math.max(bbox.y0, y))
}

/** Tesseract's row height is that of the letters' bodies and reaches; where it is off, the line's own height. */
function lineHeight({ height, bbox }: RecognizedLine, word: Box): number {
  return height > 4 && height < (bbox.y1 - bbox.y0) * 2 ? height : word.y1 - word.y0
}
