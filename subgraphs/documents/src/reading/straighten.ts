import { fromPicture, toPicture, type Picture } from './picture.ts'
import type { Slant } from './skew.ts'

const PARTS = 2 ** 15

/** A picture that was turned, and the way back: from a point of it to the point of the picture it was made from. */
export interface Turned {
  picture: Picture
  toOriginal: (x: number, y: number) => { x: number; y: number }
}

/** Turns the picture clockwise by a number of right angles. */
export async function turn(picture: Picture, degrees: number): Promise<Turned> {
  if (degrees === 0) return { picture, toOriginal: (x, y) => ({ x, y }) }
  const turned = await toPicture(fromPicture(picture).rotate(degrees), picture.dpi)
  return { picture: turned, toOriginal: wayBack(turned, picture, degrees) }
}

/** Levels lines of text that lean; the paper around is white. Gives the picture back as it was when they are level. */
export function straighten(picture: Picture, { skew, lean }: Slant): Turned {
  if (skew === 0 && !lean) return { picture, toOriginal: (x, y) => ({ x, y }) }
  const radians = Math.abs((skew * Math.PI) / 180)
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)]
  const width = Math.round(picture.width * cos + picture.height * sin)
  const height = Math.round(picture.height * cos + picture.width * sin)
  const slope = (y: number): number =>
    lean ? Math.tan(((lean.top + ((lean.bottom - lean.top) * y) / height) * Math.PI) / 180) : 0
  const turnBack = wayBack({ width, height }, picture, -skew)
  const toOriginal = (x: number, y: number) => turnBack(x, y + (x - width / 2) * slope(y))
  const pixels = new Uint8Array(width * height).fill(255)
  // A row of the new picture is a straight line in the old one.
  for (let y = 0; y < height; y++)
    drawLine(picture, { from: toOriginal(0, y), to: toOriginal(width, y) }, pixels.subarray(y * width, (y + 1) * width))
  return { picture: { ...picture, width, height, pixels }, toOriginal }
}

interface Size {
  width: number
  height: number
}

/** From a point of what was turned by `degrees` about its middle to the point of what it was made from. */
function wayBack(turned: Size, original: Size, degrees: number): Turned['toOriginal'] {
  const radians = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)]
  return (x, y) => {
    const [dx, dy] = [x - turned.width / 2, y - turned.height / 2]
    return { x: dx * cos + dy * sin + original.width / 2, y: dy * cos - dx * sin + original.height / 2 }
  }
}

interface Point {
  x: number
  y: number
}

/** Fills `out` with what the picture shows along a line, between its pixels too; what lies outside stays as it is. */
function drawLine({ width, height, pixels }: Picture, { from, to }: { from: Point; to: Point }, out: Uint8Array): void {
  const [dx, dy] = [(to.x - from.x) / out.length, (to.y - from.y) / out.length]
  const [left, right] = within(from.x, dx, width - 1)
  const [top, bottom] = within(from.y, dy, height - 1)
  // Whole numbers, a PARTS-th of a pixel each: three times as fast over the millions of pixels of a page.
  const start = Math.max(0, left, top) | 0
  const end = Math.min(out.length, right, bottom) | 0
  let x = ((from.x + start * dx) * PARTS) | 0
  let y = ((from.y + start * dy) * PARTS) | 0
  const stepX = Math.round(dx * PARTS) | 0
  const stepY = Math.round(dy * PARTS) | 0
  for (let i = start; i < end; i++) {
    const across = (x >> 7) & 255
    const down = (y >> 7) & 255
    const at = Math.imul(y >> 15, width) + (x >> 15)
    const over = (pixels[at] ?? 255) * (256 - across) + (pixels[at + 1] ?? 255) * across
    const under = (pixels[at + width] ?? 255) * (256 - across) + (pixels[at + width + 1] ?? 255) * across
    out[i] = (over * (256 - down) + under * down) >> 16
    x += stepX
    y += stepY
  }
}

/** The steps at which `from + step * by` lies between 0 and `limit`: from the first to the one after the last. */
function within(from: number, by: number, limit: number): [number, number] {
  if (by === 0) return from >= 0 && from < limit ? [0, Infinity] : [0, 0]
  const [a, b] = [-from / by, (limit - from) / by]
  return [Math.ceil(Math.min(a, b)), Math.ceil(Math.max(a, b))]
}
