import type { Picture } from './picture.ts'
import { shrinkTo } from './shrink.ts'

/** Pixels, along one side, of the cells by which the paper around a pixel is told. */
const CELL = 4
/** Cells to each side that are around. */
const REACH = 3

/** Where a picture is clearly darker than the paper around, and the size of that picture. */
export interface Ink {
  xs: Int16Array
  ys: Int16Array
  width: number
  height: number
}

/**
 * Finds the ink of a small picture, of a thousand pixels or so along its longer side. What is around must be paper: the table a sheet lies on has a
 * grain too, but no lines.
 */
export function findInk(small: Picture): Ink {
  const { width, height, pixels } = small
  const around = soften(shrinkTo(small, Math.max(width, height) / CELL))
  const paper = brightness(around) * 0.75
  const columns = Uint16Array.from({ length: width }, (_, x) => Math.floor((x * around.width) / width))
  const [xs, ys] = [new Int16Array(pixels.length), new Int16Array(pixels.length)]
  let count = 0
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * around.height) / height) * around.width
    for (let x = 0; x < width; x++) {
      const light = around.pixels[row + (columns[x] ?? 0)] ?? 0
      if (light <= paper || (pixels[y * width + x] ?? 255) >= light - 20) continue
      xs[count] = x
      ys[count++] = y
    }
  }
  return { xs: xs.subarray(0, count), ys: ys.subarray(0, count), width, height }
}

/** Each pixel as the mean of those around it, twice, the second time with those around these: nearly a Gaussian blur. */
function soften(picture: Picture): Picture {
  const { width, height } = picture
  let pixels = picture.pixels
  for (const [step, length] of [
    [1, width],
    [1, width],
    [width, height],
    [width, height],
  ] as const)
    pixels = average(pixels, step, length)
  return { width, height, pixels }
}

/** The mean of REACH pixels before and behind each, `step` apart, within runs of `length` of them. */
function average(pixels: Uint8Array, step: number, length: number): Uint8Array {
  const out = new Uint8Array(pixels.length)
  for (let i = 0; i < pixels.length; i++) {
    const place = Math.floor(i / step) % length
    const [from, to] = [Math.max(-REACH, -place), Math.min(REACH, length - 1 - place)]
    let sum = 0
    for (let offset = from; offset <= to; offset++) sum += pixels[i + offset * step] ?? 0
    out[i] = sum / (to - from + 1) + 0.5
  }
  return out
}

/** The brightness that one pixel in twenty passes. */
function brightness({ pixels }: Picture): number {
  return pixels.toSorted()[Math.floor(pixels.length * 0.95)] ?? 255
}

/** A connected spot of ink: the box around it, in pixels. */
export interface Spot {
  left: number
  top: number
  right: number
  bottom: number
}

/** Gathers touching ink into spots. */
export function findSpots({ xs, ys, width, height }: Ink): Spot[] {
  // A rim on all sides, so that every pixel has eight neighbours.
  const stride = width + 2
  const waiting = new Uint8Array(stride * (height + 2))
  const places = Int32Array.from(xs, (x, i) => ((ys[i] ?? 0) + 1) * stride + x + 1)
  for (const place of places) waiting[place] = 1
  const stack = new Int32Array(places.length)
  const spots: Spot[] = []
  for (const place of places) {
    if (!waiting[place]) continue
    spots.push(flood({ waiting, stride, stack }, place))
  }
  return spots
}

interface Field {
  waiting: Uint8Array
  stride: number
  stack: Int32Array
}

function flood({ waiting, stride, stack }: Field, start: number): Spot {
  const neighbours = [-1, 1, -stride, stride, -stride - 1, -stride + 1, stride - 1, stride + 1]
  const spot = { left: Infinity, top: Infinity, right: 0, bottom: 0 }
  let held = 1
  stack[0] = start
  waiting[start] = 0
  while (held > 0) {
    const at = stack[--held] ?? 0
    const x = (at % stride) - 1
    const y = Math.trunc(at / stride) - 1
    if (x < spot.left) spot.left = x
    if (x > spot.right) spot.right = x
    if (y < spot.top) spot.top = y
    if (y > spot.bottom) spot.bottom = y
    for (const neighbour of neighbours) {
      const next = at + neighbour
      if (!waiting[next]) continue
      waiting[next] = 0
      stack[held++] = next
    }
  }
  return { ...spot, right: spot.right + 1, bottom: spot.bottom + 1 }
}
