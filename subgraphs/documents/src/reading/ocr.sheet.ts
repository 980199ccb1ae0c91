import { findInk, type Ink } from './ink.ts'
import type { Picture } from './picture.ts'
import { shrinkTo } from './shrink.ts'
import { findSlant } from './skew.ts'
import { straighten, type Turned } from './straighten.ts'
import { findUnevenness } from './unevenness.ts'

/** Pixels along the longer side of a small picture. */
const SMALL = 900
const UNEVEN = 35

/** A picture made ready for the engine: straight, with the ink of a small one of it, and whether its paper lies in uneven light. */
export interface Sheet extends Turned {
  ink: Ink
  uneven: boolean
}

/** Straightens an upright picture. All that is asked of it as a whole can be seen on a small picture, at a tenth of the cost. */
export function prepareSheet(picture: Picture): Sheet {
  const small = shrinkTo(picture, SMALL)
  const ink = findInk(small)
  const slant = findSlant(ink)
  const level = straighten(small, slant).picture
  return {
    ...straighten(picture, slant),
    ink: level === small ? ink : findInk(level),
    uneven: findUnevenness(small) > UNEVEN,
  }
}
