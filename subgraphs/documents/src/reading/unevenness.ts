import { fromPicture, toPicture, type Picture } from './picture.ts'

/** How uneven the background is: the spread of the brightness of its tiles, 0 to 255. A scan has about none, a photograph has shadows. */
export async function findUnevenness(picture: Picture): Promise<number> {
  const tiles = 12
  const small = await toPicture(fromPicture(picture).resize(tiles * 16, tiles * 16, { fit: 'fill' }))
  const paper: number[] = []
  for (let ty = 0; ty < tiles; ty++) {
    for (let tx = 0; tx < tiles; tx++) paper.push(tilePaper(small, tx * 16, ty * 16))
  }
  paper.sort((a, b) => a - b)
  return (paper[Math.floor(paper.length * 0.95)] ?? 0) - (paper[Math.floor(paper.length * 0.1)] ?? 0)
}

/** The brightness of a tile's paper: nearly its brightest pixel. */
function tilePaper({ pixels, width }: Picture, left: number, top: number): number {
  const values: number[] = []
  for (let y = top; y < top + 16; y++) {
    for (let x = left; x < left + 16; x++) values.push(pixels[y * width + x] ?? 255)
  }
  return values.sort((a, b) => a - b)[230] ?? 255
}
