import { readFile } from 'node:fs/promises'
import decodeHeic from 'heic-decode'
import sharp, { type Metadata, type Sharp } from 'sharp'
import { Unread } from './failure.ts'
import { toPicture, type Picture } from './picture.ts'

const MAX_PIXELS = 60e6
const SHORTEST_SIDE = 1500
const LONGEST_SIDE = 3500
const A4_HEIGHT_INCHES = 11.7

/** The pages of an image file: how many, and their size in pixels as a viewer shows them (turned as the camera was held). */
export interface ImagePages {
  count: number
  sizes: { width: number; height: number }[]
}

/** Looks at an image without decoding it. Throws Unread: UNREADABLE for what is no image, TOO_LARGE beyond 60 million pixels. */
export async function measureImage(path: string, type: string, maxPages: number): Promise<ImagePages> {
  if (isHeic(type)) {
    const { width, height } = await decode(path)
    return { count: 1, sizes: [{ width, height }] }
  }
  const { pages = 1, width, height, pageHeight = height } = await readable(() => openAny(path).metadata())
  requireFewPixels(width * pageHeight)
  const count = type === 'image/tiff' ? pages : 1
  const numbers = Array.from({ length: Math.min(count, maxPages) }, (_, index) => index)
  const sizes = await Promise.all(
    numbers.map(async (page) => measure(await readable(() => openAny(path, page).metadata()))),
  )
  for (const size of sizes) requireFewPixels(size.width * size.height)
  return { count, sizes }
}

/** One page (from 1) of an image in grey, turned as the camera was held, of a size in which letters can be read; and its own size. */
export async function loadImage(
  path: string,
  type: string,
  number: number,
): Promise<Picture & { original: { width: number; height: number } }> {
  const pipeline = isHeic(type) ? fromHeic(await decode(path)) : openPage(path, number - 1).autoOrient()
  return readable(async () => {
    const full = await toPicture(pipeline.flatten({ background: '#ffffff' }))
    const side = Math.max(full.width, full.height)
    const wanted = Math.min(LONGEST_SIDE, Math.max(SHORTEST_SIDE, side))
    const raw = { width: full.width, height: full.height, channels: 1 as const }
    const fitted =
      wanted === side ? full : await toPicture(sharp(full.pixels, { raw }).resize(wanted, wanted, { fit: 'inside' }))
    return {
      ...fitted,
      dpi: Math.max(70, Math.round(wanted / A4_HEIGHT_INCHES)),
      original: { width: full.width, height: full.height },
    }
  })
}

/** To look at only: what is too large to decode still says how large it is. */
function openAny(path: string, page = 0): Sharp {
  return sharp(path, { limitInputPixels: false, page })
}

function requireFewPixels(pixels: number): void {
  if (pixels > MAX_PIXELS) throw new Unread('TOO_LARGE', `${pixels} pixels, at most ${MAX_PIXELS} can be read`)
}

function openPage(path: string, page: number): Sharp {
  return sharp(path, { limitInputPixels: MAX_PIXELS, failOn: 'error', page })
}

function measure({ width, height, orientation = 1 }: Metadata): { width: number; height: number } {
  return orientation >= 5 ? { width: height, height: width } : { width, height }
}

function isHeic(type: string): boolean {
  return type === 'image/heic' || type === 'image/heif'
}

type Decoded = Awaited<ReturnType<typeof decodeHeic>>

async function decode(path: string): Promise<Decoded> {
  return readable(async () => decodeHeic({ buffer: await readFile(path) }))
}

function fromHeic({ width, height, data }: Decoded): Sharp {
  return sharp(new Uint8Array(data.buffer), { raw: { width, height, channels: 4 } })
}

async function readable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new Unread(
      'UNREADABLE',
      `the image cannot be decoded: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
