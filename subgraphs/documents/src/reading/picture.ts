import sharp, { type Sharp } from 'sharp'

/** A grey picture: one byte per pixel, row by row. `dpi` is its resolution where the size of the paper is known. */
export interface Picture {
  width: number
  height: number
  pixels: Uint8Array
  dpi?: number
}

const HEADER = 28

/**
 * The picture as tesseract's picture library keeps it in memory, with its header: nothing is left to decode. Rows end on four bytes, which stand
 * in the order of a machine that counts from the right.
 */
export function toPix({ width, height, pixels }: Picture): Uint8Array<ArrayBuffer> {
  const words = Math.ceil(width / 4)
  const bytes = new Uint8Array(HEADER + words * 4 * height)
  const pix = Buffer.from(bytes.buffer)
  pix.write('spix', 0, 'latin1')
  for (const [index, value] of [width, height, 8, words, 0, words * 4 * height].entries())
    pix.writeUInt32LE(value, 4 + index * 4)
  for (let y = 0; y < height; y++) pix.set(pixels.subarray(y * width, (y + 1) * width), HEADER + y * words * 4)
  pix.subarray(HEADER).swap32()
  return bytes
}

/** A sharp pipeline that starts at the picture. */
export function fromPicture({ width, height, pixels }: Picture): Sharp {
  return sharp(pixels, { raw: { width, height, channels: 1 } })
}

/** Ends a sharp pipeline in a grey picture. */
export async function toPicture(pipeline: Sharp, dpi?: number): Promise<Picture> {
  const { data, info } = await pipeline.grayscale().raw().toBuffer({ resolveWithObject: true })
  const pixels = info.channels === 1 ? data : data.filter((_, index) => index % info.channels === 0)
  return { width: info.width, height: info.height, pixels, ...(dpi !== undefined && { dpi }) }
}
