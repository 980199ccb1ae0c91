import sharp, { type Sharp } from 'sharp'

/** A grey picture: one byte per pixel, row by row. `dpi` is its resolution where the size of the paper is known. */
export interface Picture {
  width: number
  height: number
  pixels: Uint8Array
  dpi?: number
}

/** The picture in the portable grey format, which needs no encoding. */
export function toPgm({ width, height, pixels }: Picture): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`, 'latin1'), pixels])
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
