import { fromPicture, toPicture, type Picture } from './picture.ts'

const SIDE = 900

/** Where a picture, made small, is clearly darker than the paper around. `scale` leads from it to the picture. */
export interface Ink {
  xs: Int16Array
  ys: Int16Array
  width: number
  height: number
  scale: number
}

/** Finds the ink of a picture. What is around must be paper: the table a sheet lies on has a grain too, but no lines. */
export async function findInk(picture: Picture): Promise<Ink> {
  const small = await toPicture(fromPicture(picture).resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true }))
  const around = await toPicture(fromPicture(small).blur(12))
  const paper = brightness(around) * 0.75
  const [xs, ys]: [number[], number[]] = [[], []]
  for (let i = 0; i < small.pixels.length; i++) {
    const light = around.pixels[i] ?? 0
    if (light > paper && (small.pixels[i] ?? 255) < light - 20) {
      xs.push(i % small.width)
      ys.push(Math.floor(i / small.width))
    }
  }
  const { width, height } = small
  return { xs: Int16Array.from(xs), ys: Int16Array.from(ys), width, height, scale: picture.width / width }
}

/** The brightness that one pixel in twenty passes, told by every seventh. */
function brightness({ pixels }: Picture): number {
  const counts = new Uint32Array(256)
  for (let index = 0; index < pixels.length; index += 7) {
    const light = pixels[index] ?? 0
    counts[light] = (counts[light] ?? 0) + 1
  }
  let left = Math.ceil(pixels.length / 7) * 0.95
  const found = counts.findIndex((count) => (left -= count) < 0)
  return found < 0 ? 255 : found
}

/** A connected spot of ink, in pixels of the picture. */
export interface Spot {
  left: number
  top: number
  right: number
  bottom: number
}

/** Gathers touching ink into spots. */
export function findSpots({ xs, ys, width, height, scale }: Ink): Spot[] {
  const waiting = new Uint8Array(width * height)
  for (let i = 0; i < xs.length; i++) waiting[(ys[i] ?? 0) * width + (xs[i] ?? 0)] = 1
  const spots: Spot[] = []
  for (let i = 0; i < xs.length; i++) {
    const start = (ys[i] ?? 0) * width + (xs[i] ?? 0)
    if (!waiting[start]) continue
    const spot = flood(waiting, start, width)
    spots.push({
      left: spot.left * scale,
      top: spot.top * scale,
      right: (spot.right + 1) * scale,
      bottom: (spot.bottom + 1) * scale,
    })
  }
  return spots
}

function flood(waiting: Uint8Array, start: number, width: number): Spot {
  const stack = [start]
  waiting[start] = 0
  const spot = { left: width, top: Infinity, right: 0, bottom: 0 }
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const [x, y] = [at % width, Math.floor(at / width)]
    spot.left = Math.min(spot.left, x)
    spot.right = Math.max(spot.right, x)
    spot.top = Math.min(spot.top, y)
    spot.bottom = Math.max(spot.bottom, y)
    for (const next of [
      at - 1,
      at + 1,
      at - width,
      at + width,
      at - width - 1,
      at - width + 1,
      at + width - 1,
      at + width + 1,
    ]) {
      if (!waiting[next] || Math.abs((next % width) - x) > 1) continue
      waiting[next] = 0
      stack.push(next)
    }
  }
  return spot
}
