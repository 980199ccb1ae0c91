import { findInk, type Ink } from './ink.ts'
import { fromPicture, toPicture, type Picture } from './picture.ts'

/** A picture that was turned, and the way back: from a point of it to the point of the picture it was made from. */
export interface Turned {
  picture: Picture
  toOriginal: (x: number, y: number) => { x: number; y: number }
}

const MAX_SKEW = 10
const NOTICEABLE = 0.3
const MAX_LEAN = 5
const BAND = 0.3
const MIN_INK = 300

/** Degrees, clockwise, by which the lines of text lean; 0 when none lean clearly. */
export async function findSkew(picture: Picture): Promise<number> {
  const ink = await findInk(picture)
  const score = (angle: number): number => profileScore(ink, angle)
  const coarse = range(-MAX_SKEW, MAX_SKEW, 0.5).map((angle) => ({ angle, score: score(angle) }))
  const rough = best(coarse)
  const fine = best(range(rough.angle - 0.4, rough.angle + 0.4, 0.1).map((angle) => ({ angle, score: score(angle) })))
  const level = score(0)
  return Math.abs(fine.angle) >= NOTICEABLE && fine.score > level * 1.05 ? fine.angle : 0
}

/** Turns the picture clockwise by any angle; the paper around it is white. */
export async function turn(picture: Picture, degrees: number): Promise<Turned> {
  if (degrees === 0) return { picture, toOriginal: (x, y) => ({ x, y }) }
  const turned = await toPicture(fromPicture(picture).rotate(degrees, { background: '#ffffff' }), picture.dpi)
  const angle = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  return {
    picture: turned,
    toOriginal: (x, y) => {
      const [dx, dy] = [x - turned.width / 2, y - turned.height / 2]
      return { x: dx * cos + dy * sin + picture.width / 2, y: dy * cos - dx * sin + picture.height / 2 }
    },
  }
}

/**
 * Levels lines that lean differently from top to bottom, as on a sheet photographed at a slant. Gives the picture back as it was
 * when the lines are parallel.
 */
export async function unbend(picture: Picture): Promise<Turned> {
  const lean = await findLean(picture)
  if (!lean) return { picture, toOriginal: (x, y) => ({ x, y }) }
  const { width, height, pixels } = picture
  const slope = (y: number): number => Math.tan(((lean.top + ((lean.bottom - lean.top) * y) / height) * Math.PI) / 180)
  const out = Buffer.alloc(pixels.length, 255)
  for (let y = 0; y < height; y++) {
    const rise = slope(y)
    for (let x = 0; x < width; x++) {
      const from = y + (x - width / 2) * rise
      const row = Math.floor(from)
      if (row < 0 || row + 1 >= height) continue
      const part = from - row
      out[y * width + x] = (pixels[row * width + x] ?? 255) * (1 - part) + (pixels[(row + 1) * width + x] ?? 255) * part
    }
  }
  return { picture: { ...picture, pixels: out }, toOriginal: (x, y) => ({ x, y: y + (x - width / 2) * slope(y) }) }
}

/** The lean of lines (degrees) at the top and at the bottom, undefined when it is the same everywhere or cannot be told. */
async function findLean(picture: Picture): Promise<{ top: number; bottom: number } | undefined> {
  const ink = await findInk(picture)
  const bands = range(0, 1 - BAND, BAND / 3).flatMap((from) => {
    const [low, high] = [from * ink.height, (from + BAND) * ink.height]
    // Ink is found row by row, so a band is one stretch of it.
    const [start, end] = [ink.ys.findIndex((y) => y >= low), ink.ys.findLastIndex((y) => y < high) + 1]
    if (start < 0 || end - start < MIN_INK) return []
    const some: Ink = { ...ink, xs: ink.xs.subarray(start, end), ys: ink.ys.subarray(start, end) }
    const candidates = range(-MAX_LEAN, MAX_LEAN, 0.2).map((angle) => ({ angle, score: profileScore(some, angle) }))
    const found = best(candidates)
    const usual = candidates.reduce((sum, candidate) => sum + candidate.score, 0) / candidates.length
    return found.score > usual * 1.15
      ? [{ at: from + BAND / 2, angle: found.angle, weight: found.score / usual - 1 }]
      : []
  })
  const line = fitLine(bands)
  if (
    !line ||
    Math.abs(line.bottom - line.top) < 0.6 ||
    bands.some(({ at, angle }) => Math.abs(angle - line.top - (line.bottom - line.top) * at) > 1)
  )
    return undefined
  return line
}

/** The straight line through weighted points, as its values at 0 and 1. */
function fitLine(points: { at: number; angle: number; weight: number }[]): { top: number; bottom: number } | undefined {
  const total = points.reduce((sum, point) => sum + point.weight, 0)
  const at = points.reduce((sum, point) => sum + point.at * point.weight, 0) / total
  const angle = points.reduce((sum, point) => sum + point.angle * point.weight, 0) / total
  const spread = points.reduce((sum, point) => sum + point.weight * (point.at - at) ** 2, 0)
  if (!(spread > 0)) return undefined
  const rise = points.reduce((sum, point) => sum + point.weight * (point.at - at) * (point.angle - angle), 0) / spread
  return { top: angle - rise * at, bottom: angle + rise * (1 - at) }
}

/** How sharply ink gathers in lines that lean by `angle`: large where lines and the gaps between them fall apart. */
function profileScore({ xs, ys, width, height }: Ink, angle: number): number {
  const reach = width + height
  const radians = (angle * Math.PI) / 180
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)]
  const rows = new Int32Array(reach * 2)
  for (let i = 0; i < xs.length; i++) {
    const row = Math.round((ys[i] ?? 0) * cos - (xs[i] ?? 0) * sin) + reach
    rows[row] = (rows[row] ?? 0) + 1
  }
  let score = 0
  for (let i = 1; i < rows.length; i++) score += ((rows[i] ?? 0) - (rows[i - 1] ?? 0)) ** 2
  return score
}

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step)
}

function best<T extends { score: number }>(candidates: T[]): T {
  return candidates.reduce((winner, candidate) => (candidate.score > winner.score ? candidate : winner))
}
