import type { Ink } from './ink.ts'

const MAX_SKEW = 10
const NOTICEABLE = 0.3
const MAX_LEAN = 5
const STRIPS = 10
/** Neighbouring strips whose lines are looked at together. */
const BAND = 3
const MIN_INK = 300
/** One point of ink in so many is enough for a rough look. */
const ROUGH = 3

/** By how many degrees, clockwise, lines lean at the top of a picture and at its bottom. */
interface Lean {
  top: number
  bottom: number
}

/** How lines of text stand: they all lean by `skew` degrees, and by `lean` beyond that. */
export interface Slant {
  skew: number
  lean: Lean | undefined
}

type Points = Pick<Ink, 'xs' | 'ys'>

interface Candidate {
  angle: number
  score: number
}

/** How the lines of text stand in a picture with this ink. */
export function findSlant(ink: Ink): Slant {
  const skew = findSkew(ink)
  return { skew, lean: findLean(ink, skew) }
}

/** Degrees, clockwise, by which the lines of text lean; 0 when none lean clearly. */
function findSkew(ink: Ink): number {
  const look = (points: Points, angles: number[]): Candidate =>
    best(angles.map((angle) => ({ angle, score: sharpness([project(points, angle, ink)]) })))
  const some = { xs: ink.xs.filter((_, i) => i % ROUGH === 0), ys: ink.ys.filter((_, i) => i % ROUGH === 0) }
  const rough = look(some, range(-MAX_SKEW, MAX_SKEW, 0.5))
  const fine = look(ink, range(rough.angle - 0.4, rough.angle + 0.4, 0.1))
  const level = look(ink, [0])
  return Math.abs(fine.angle) >= NOTICEABLE && fine.score > level.score * 1.05 ? fine.angle : 0
}

/**
 * What is left when the whole picture is turned back by `skew`: lines that lean differently from top to bottom, as on a sheet photographed at a
 * slant. Undefined when they are parallel, or when it cannot be told.
 */
function findLean(ink: Ink, skew: number): Lean | undefined {
  const strips = cutStrips(ink, skew)
  const looks = range(-MAX_LEAN, MAX_LEAN, 0.2).map((angle) => ({
    angle,
    profiles: strips.map((strip) => project(strip, skew + angle, ink)),
  }))
  const bands = range(0, STRIPS - BAND, 1).flatMap((first) => {
    const size = strips.slice(first, first + BAND).reduce((sum, { xs }) => sum + xs.length, 0)
    if (size < MIN_INK) return []
    const scored = looks.map(({ angle, profiles }) => ({
      angle,
      score: sharpness(profiles.slice(first, first + BAND)),
    }))
    const found = best(scored)
    const usual = scored.reduce((sum, { score }) => sum + score, 0) / scored.length
    const at = (first + BAND / 2) / STRIPS
    return found.score > usual * 1.15 ? [{ at, angle: found.angle, weight: found.score / usual - 1 }] : []
  })
  const line = fitLine(bands)
  if (!line || Math.abs(line.bottom - line.top) < 0.6) return undefined
  const isOff = bands.some(({ at, angle }) => Math.abs(angle - line.top - (line.bottom - line.top) * at) > 1)
  return isOff ? undefined : line
}

/** The ink of each tenth of the picture, from top to bottom as it is when turned back by `skew`. */
function cutStrips({ xs, ys, width, height }: Ink, skew: number): Points[] {
  const radians = (skew * Math.PI) / 180
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)]
  const tall = height * cos + width * Math.abs(sin)
  const top = tall / 2 - (height / 2) * cos + (width / 2) * sin
  const strips = Array.from({ length: STRIPS }, (): { xs: number[]; ys: number[] } => ({ xs: [], ys: [] }))
  for (let i = 0; i < xs.length; i++) {
    const [x, y] = [xs[i] ?? 0, ys[i] ?? 0]
    const strip = strips[Math.floor(((y * cos - x * sin + top) / tall) * STRIPS)]
    strip?.xs.push(x)
    strip?.ys.push(y)
  }
  return strips.map((strip) => ({ xs: Int16Array.from(strip.xs), ys: Int16Array.from(strip.ys) }))
}

/** The straight line through weighted points, as its values at 0 and 1. */
function fitLine(points: { at: number; angle: number; weight: number }[]): Lean | undefined {
  const total = points.reduce((sum, point) => sum + point.weight, 0)
  const at = points.reduce((sum, point) => sum + point.at * point.weight, 0) / total
  const angle = points.reduce((sum, point) => sum + point.angle * point.weight, 0) / total
  const spread = points.reduce((sum, point) => sum + point.weight * (point.at - at) ** 2, 0)
  if (!(spread > 0)) return undefined
  const rise = points.reduce((sum, point) => sum + point.weight * (point.at - at) * (point.angle - angle), 0) / spread
  return { top: angle - rise * at, bottom: angle + rise * (1 - at) }
}

/** How much ink there is on each of the parallels that lean by `angle`, in a picture of the given size. */
function project({ xs, ys }: Points, angle: number, { width, height }: Ink): Int32Array {
  const radians = (angle * Math.PI) / 180
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)]
  const reach = Math.ceil(width * Math.abs(sin)) + 1
  const rows = new Int32Array(height + 2 * reach)
  for (let i = 0; i < xs.length; i++) {
    const row = Math.trunc((ys[i] ?? 0) * cos - (xs[i] ?? 0) * sin + reach + 0.5)
    rows[row] = (rows[row] ?? 0) + 1
  }
  return rows
}

/** How sharply ink gathers in lines: large where lines and the gaps between them fall apart. Profiles of one angle are taken together. */
function sharpness(profiles: Int32Array[]): number {
  const length = profiles[0]?.length ?? 0
  let [score, before] = [0, 0]
  for (let row = 0; row < length; row++) {
    let here = 0
    for (const profile of profiles) here += profile[row] ?? 0
    score += (here - before) ** 2
    before = here
  }
  return score
}

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step)
}

function best(candidates: Candidate[]): Candidate {
  return candidates.reduce((winner, candidate) => (candidate.score > winner.score ? candidate : winner))
}
