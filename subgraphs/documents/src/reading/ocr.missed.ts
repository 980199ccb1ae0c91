import type { Box } from 'tesseract.js-core'
import { findSpots, type Spot } from './ink.ts'
import type { Sheet } from './ocr.sheet.ts'
import type { RecognizedLine } from './ocr.thread.ts'
import type { Picture } from './picture.ts'

const MIN_SPOTS = 2
const MAX_SPOTS = 1500

/** A picture of what was missed, and the way of a line read there back to the sheet. */
export interface Missed {
  picture: Picture
  toSheet: (line: RecognizedLine) => RecognizedLine
}

/**
 * What looks like letters outside the words that were found: lone figures of a table are often taken for noise. Gives the picture
 * of these alone, or undefined when there are none. Words are boxes in the sheet's picture.
 */
export function findMissed({ picture, ink }: Sheet, words: Box[]): Missed | undefined {
  const heights = words.map((word) => word.y1 - word.y0).sort((a, b) => a - b)
  const letter = heights[heights.length >> 1]
  if (letter === undefined) return undefined
  const margin = Math.round(letter * 0.3)
  const scale = picture.width / ink.width
  const spots = findSpots(ink)
    .map(({ left, top, right, bottom }) => ({
      left: left * scale,
      top: top * scale,
      right: right * scale,
      bottom: bottom * scale,
    }))
    .filter((spot) => isLetter(spot, letter) && !words.some((word) => covers(word, spot)))
    .map((spot) => widen(spot, margin, picture))
  if (spots.length < MIN_SPOTS || spots.length > MAX_SPOTS) return undefined
  return cutOut(picture, spots, letter)
}

function isLetter({ left, top, right, bottom }: Spot, letter: number): boolean {
  const [width, height] = [right - left, bottom - top]
  return height > letter * 0.4 && height < letter * 2 && width < letter * 15
}

function covers({ x0, y0, x1, y1 }: Box, { left, top, right, bottom }: Spot): boolean {
  const [x, y] = [(left + right) / 2, (top + bottom) / 2]
  const reach = (y1 - y0) * 0.2
  return x > x0 - reach && x < x1 + reach && y > y0 - reach && y < y1 + reach
}

/** The spot in whole pixels with a margin around it, as far as the picture goes. */
function widen({ left, top, right, bottom }: Spot, margin: number, { width, height }: Picture): Spot {
  return {
    left: Math.max(0, Math.floor(left) - margin),
    top: Math.max(0, Math.floor(top) - margin),
    right: Math.min(width, Math.ceil(right) + margin),
    bottom: Math.min(height, Math.ceil(bottom) + margin),
  }
}

/** The spots on white paper that is no larger than they need with a rim around them. */
function cutOut(picture: Picture, spots: Spot[], rim: number): Missed {
  const around = spots.reduce((box, spot) => ({
    left: Math.min(box.left, spot.left),
    top: Math.min(box.top, spot.top),
    right: Math.max(box.right, spot.right),
    bottom: Math.max(box.bottom, spot.bottom),
  }))
  const [x, y] = [around.left - rim, around.top - rim]
  const [width, height] = [around.right - x + rim, around.bottom - y + rim]
  const pixels = new Uint8Array(width * height).fill(255)
  for (const { left, top, right, bottom } of spots) {
    for (let row = top; row < bottom; row++)
      pixels.set(
        picture.pixels.subarray(row * picture.width + left, row * picture.width + right),
        (row - y) * width + left - x,
      )
  }
  const shift = ({ x0, y0, x1, y1 }: Box): Box => ({ x0: x0 + x, y0: y0 + y, x1: x1 + x, y1: y1 + y })
  const toSheet = (line: RecognizedLine): RecognizedLine => ({
    ...line,
    bbox: shift(line.bbox),
    baseline: shift(line.baseline),
    words: line.words.map((word) => ({ ...word, bbox: shift(word.bbox) })),
  })
  return { picture: { ...picture, width, height, pixels }, toSheet }
}
