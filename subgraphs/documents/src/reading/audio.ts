import { readFile } from 'node:fs/promises'
import { parseBuffer, type IFormat } from 'music-metadata'
import { isAudio, type AudioType } from './audio-types.ts'
import { Unread } from './failure.ts'

/** The other names that the same formats go by. */
const aliases: Record<string, AudioType> = {
  'audio/x-wav': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/x-flac': 'audio/flac',
  'audio/x-m4a': 'audio/mp4',
}

/** Boxes that may hold pictures or sound alone; telephones and browsers record speech in both. */
const boxes: Record<string, AudioType> = {
  'video/mp4': 'audio/mp4',
  'video/x-m4v': 'audio/mp4',
  'video/webm': 'audio/webm',
}

/**
 * Which sound a file is, whose beginning is of the type `mime`; undefined when it is none, or moving pictures with sound. Throws Unread
 * (UNREADABLE) for a box that cannot be opened.
 */
export async function detectAudio(path: string, mime: string): Promise<AudioType | undefined> {
  const [plain = ''] = mime.split(';')
  if (isAudio(plain)) return plain
  const box = boxes[plain]
  if (!box) return aliases[plain]
  return (await readFormat(path, plain)).hasVideo ? undefined : box
}

/** How long a recording lasts, when the file says. Throws Unread (UNREADABLE) when it is damaged or holds no sound. */
export async function measureAudio(path: string, type: AudioType): Promise<{ durationMs?: number }> {
  const { hasAudio, duration, sampleRate, codec, container } = await readFormat(path, type)
  const known = duration !== undefined && Number.isFinite(duration) && duration > 0
  // Only what is recorded as it is streamed does not say how long it is.
  const silent = container === 'WAVE' ? !known : !hasAudio && !sampleRate && !codec
  if (silent) throw new Unread('UNREADABLE', 'the recording holds no sound')
  return known ? { durationMs: Math.min(Math.round(duration * 1000), 2 ** 31 - 1) } : {}
}

/** The library would believe a file's name before its type, so it is told the type alone. */
async function readFormat(path: string, mimeType: string): Promise<IFormat> {
  try {
    return (await parseBuffer(await readFile(path), { mimeType }, { duration: true, skipCovers: true })).format
  } catch (error) {
    throw new Unread(
      'UNREADABLE',
      `the recording is damaged: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
