/** A rectangle on a page, in fractions of its width and height, origin top left. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

export interface PageBox {
  page: number
  box: Box
}

/** Something to light up: the boxes of one citation, field or mention, and the page it starts on. */
export interface Passage {
  page: number
  boxes: PageBox[]
  /** The moment of a recording, in milliseconds, where that says more than its words. */
  at?: number
}

/**
 * A passage for an address: `page`, and `box` as `x,y,width,height[,page]` joined by `;` (the page where it is another one), or `at` in milliseconds.
 */
export function toPassageQuery({ page, boxes, at }: Passage): { page: string; box?: string; at?: string } {
  if (at !== undefined) return { page: String(page), at: String(at) }
  const round = (value: number) => String(Math.round(value * 10_000) / 10_000)
  const box = boxes.map(({ page: on, box: { x, y, width, height } }) =>
    [...[x, y, width, height].map(round), ...(on === page ? [] : [String(on)])].join(','),
  )
  return { page: String(page), ...(box.length > 0 && { box: box.join(';') }) }
}

/** Reads a passage from an address; nothing when it names no page. Boxes that are not four fractions are left out. */
export function parsePassageQuery(query: { page?: unknown; box?: unknown; at?: unknown }): Passage | undefined {
  const page = Number(query.page)
  if (!Number.isInteger(page) || page < 1) return undefined
  const at = typeof query.at === 'string' && query.at !== '' ? Number(query.at) : -1
  if (Number.isInteger(at) && at >= 0) return { page, boxes: [], at }
  const text = typeof query.box === 'string' ? query.box : ''
  const boxes = text.split(';').flatMap((part) => parseBox(part, page) ?? [])
  return { page, boxes }
}

function parseBox(text: string, page: number): PageBox | undefined {
  const [x, y, width, height, on = page] = text.split(',').map(Number)
  const sizes = [x, y, width, height]
  if (!sizes.every((value) => value !== undefined && value >= 0 && value <= 1) || !Number.isInteger(on))
    return undefined
  return { page: on, box: { x: x ?? 0, y: y ?? 0, width: width ?? 0, height: height ?? 0 } }
}

/** A mention or citation of the API as a passage; one without boxes still has its page. */
export function toPassage({ page, boxes }: { page: number; boxes: readonly PageBox[] }): Passage {
  return { page, boxes: boxes.map(({ page: on, box }) => ({ page: on, box: pickBox(box) })) }
}

/** Passages in reading order: by page, then from top to bottom, then from left to right. */
export function inReadingOrder(passages: readonly Passage[]): Passage[] {
  const start = ({ page, boxes }: Passage) => boxes.find((box) => box.page === page)?.box ?? { x: 0, y: 0 }
  return passages.toSorted((a, b) => a.page - b.page || start(a).y - start(b).y || start(a).x - start(b).x)
}

function pickBox({ x, y, width, height }: Box): Box {
  return { x, y, width, height }
}
