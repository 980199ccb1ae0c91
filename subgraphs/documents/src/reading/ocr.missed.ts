import type { Bbox } from 'tesseract.js'
import { findInk, findSpots, type Spot } from './ink.ts'
import type { Picture } from './picture.ts'

const MIN_SPOTS = 2
const MAX_SPOTS = 1500

/**
 * What looks like letters outside the words that were found: lone figures of a table are often taken for noise. Gives the picture
 * of these alone, or undefined when there are none. Words are boxes in the picture.
 */
export async function findMissed(picture: Picture, words: Bbox[]): Promise<Picture | undefined> {
  const heights = words.map((word) => word.y1 - word.y0).sort((a, b) => a - b)
  const letter = heights[heights.length >> 1]
  if (letter === undefined) return undefined
  const spots = findSpots(await findInk(picture)).filter(
    (spot) => isLetter(spot, letter) && !words.some((word) => covers(word, spot)),
  )
  if (spots.length < MIN_SPOTS || spots.length > MAX_SPOTS) return undefined
  return cutOut(picture, spots, Math.round(letter * 0.3))
}

function isLetter({ left, top, right, bottom }: Spot, letter: number): boolean {
  const [width, height] = [right - left, bottom - top]
  return height > letter * 0.4 && height < letter * 2 && width < letter * 15
}

function covers({ x0, y0, x1, y1 }: Bbox, { left, top, right, bottom }: Spot): boolean {
  const [x, y] = [(left + right) / 2, (top + bottom) / 2]
  const reach = (y1 - y0) * 0.2
  return x > x0 - reach && x < x1 + reach && y > y0 - reach && y < y1 + reach
}

function cutOut(picture: Picture, spots: Spot[], margin: number): Picture {
  const pixels = new Uint8Array(picture.pixels.length).fill(255)
  for (const { left, top, right, bottom } of spots) {
    const [from, to] = [Math.max(0, Math.floor(left) - margin), Math.min(picture.width, Math.ceil(right) + margin)]
    for (let y = Math.max(0, Math.floor(top) - margin); y < Math.min(picture.height, Math.ceil(bottom) + margin); y++) {
      const row = y * picture.width
      pixels.set(picture.pixels.subarray(row + from, row + to), row + from)
    }
  }
  return { ...picture, pixels }
}
