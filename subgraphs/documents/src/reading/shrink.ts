import type { Picture } from './picture.ts'

interface Size {
  width: number
  height: number
}

/** The picture in another size, meant to be smaller: each pixel is the mean of those it stands for. */
export function shrink({ width, height, pixels }: Picture, to: Size): Picture {
  const [columns, rows] = [divide(width, to.width), divide(height, to.height)]
  const out = new Uint8Array(to.width * to.height)
  const sums = new Uint32Array(to.width)
  for (let row = 0; row < to.height; row++) {
    const [top, bottom] = stretch(rows, row)
    sums.fill(0)
    for (let y = top; y < bottom; y++) addRow(sums, pixels.subarray(y * width, (y + 1) * width), columns)
    for (let column = 0; column < to.width; column++) {
      const [left, right] = stretch(columns, column)
      out[row * to.width + column] = (sums[column] ?? 0) / ((right - left) * (bottom - top)) + 0.5
    }
  }
  return { ...to, pixels: out }
}

/** The picture with its longer side no longer than `side`, in the same proportions. */
export function shrinkTo(picture: Picture, side: number): Picture {
  const factor = side / Math.max(picture.width, picture.height)
  if (factor >= 1) return picture
  const size = (length: number): number => Math.max(1, Math.round(length * factor))
  return shrink(picture, { width: size(picture.width), height: size(picture.height) })
}

/** Where each of `parts` stretches of `length` pixels begins, and where the last ends. */
function divide(length: number, parts: number): Uint32Array {
  return Uint32Array.from({ length: parts + 1 }, (_, part) => Math.floor((part * length) / parts))
}

/** One stretch, of one pixel at least. */
function stretch(starts: Uint32Array, part: number): [number, number] {
  const start = starts[part] ?? 0
  return [start, Math.max(start + 1, starts[part + 1] ?? 0)]
}

function addRow(sums: Uint32Array, pixels: Uint8Array, columns: Uint32Array): void {
  let start = columns[0] ?? 0
  for (let column = 0; column < sums.length; column++) {
    const next = columns[column + 1] ?? 0
    let sum = pixels[start] ?? 0
    for (let x = start + 1; x < next; x++) sum += pixels[x] ?? 0
    sums[column] = (sums[column] ?? 0) + sum
    start = next
  }
}
