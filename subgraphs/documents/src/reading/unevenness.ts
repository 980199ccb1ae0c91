import type { Picture } from './picture.ts'
import { shrink } from './shrink.ts'

const TILES = 12
const TILE = 16

/** How uneven the background is: the spread of the brightness of its tiles, 0 to 255. A scan has about none, a photograph has shadows. */
export function findUnevenness(picture: Picture): number {
  const small = shrink(picture, { width: TILES * TILE, height: TILES * TILE })
  const paper: number[] = []
  for (let ty = 0; ty < TILES; ty++) {
    for (let tx = 0; tx < TILES; tx++) paper.push(tilePaper(small, tx * TILE, ty * TILE))
  }
  paper.sort((a, b) => a - b)
  return (paper[Math.floor(paper.length * 0.95)] ?? 0) - (paper[Math.floor(paper.length * 0.1)] ?? 0)
}

/** The brightness of a tile's paper: nearly its brightest pixel. */
function tilePaper({ pixels, width }: Picture, left: number, top: number): number {
  const values = new Uint8Array(TILE * TILE)
  for (let row = 0; row < TILE; row++) {
    const from = (top + row) * width + left
    values.set(pixels.subarray(from, from + TILE), row * TILE)
  }
  return values.sort()[Math.floor(values.length * 0.9)] ?? 255
}
