import { z } from 'zod'
import type { PageBox } from '../schema/box.ts'
import type { Period, Place } from './graph.ts'

/** More lines than this nobody needs to find a place on a page; a long address has three. */
const maxBoxes = 6
const decimals = 10_000

const packed = z.array(z.tuple([z.int(), z.number(), z.number(), z.number(), z.number()]))

/** What a place is in a property row of a relation: engines keep no lists of lists, so boxes are one text `[[page,x,y,width,height],…]`. */
export interface PlaceRow {
  page: number | null
  chunk: number | null
  boxes: string | null
}

/** The properties of a place, boxes to a ten-thousandth of the page. */
export function packPlace({ page, chunk, boxes }: Place): PlaceRow {
  const round = (value: number) => Math.round(value * decimals) / decimals
  const lines = boxes
    .slice(0, maxBoxes)
    .map(({ page: on, box: { x, y, width, height } }) => [on, ...[x, y, width, height].map(round)])
  return { page, chunk, boxes: JSON.stringify(lines) }
}

/** The place that was packed; null where a record speaks, which has none. */
export function unpackPlace({ page, chunk, boxes }: PlaceRow): Place | null {
  return page === null ? null : { page, chunk, boxes: unpackBoxes(boxes) }
}

export function unpackBoxes(text: string | null): PageBox[] {
  if (text === null) return []
  return packed.parse(JSON.parse(text)).map(([page, x, y, width, height]) => ({ page, box: { x, y, width, height } }))
}

/** A moment as engines keep it: text that sorts as time does. */
export function toMoment(at: Date): string {
  return at.toISOString()
}

/** The bounds of a period as parameters; null where it is open. */
export function toBounds({ since, until }: Period): { since: string | null; until: string | null } {
  return { since: since ? toMoment(since) : null, until: until ? toMoment(until) : null }
}
