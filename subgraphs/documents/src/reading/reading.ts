import { stat } from 'node:fs/promises'
import type { Sandbox } from '@passerelle/platform/sandbox'
import { Unread } from './failure.ts'
import { extractAll, type Extraction, type ExtractOptions } from './reading.extract.ts'
import { recognizeAll, type Recognition, type RecognizeOptions } from './reading.recognize.ts'
import { READING_LIMITS, type ReadingLimits } from './limits.ts'
import type { ReadPage } from './page.ts'
import type { ReadableType } from './detect.ts'

export { Unread, type FailureCode } from './failure.ts'
export { READING_LIMITS, type ReadingLimits } from './limits.ts'
export type { ReadableType } from './detect.ts'
export { AUDIO_TYPES, isAudio } from './audio-types.ts'
export type { ReadPage, ReadSegment, ReadWord } from './page.ts'
export { toSpokenPages } from './speech.ts'
export type { Extraction, ExtractOptions } from './reading.extract.ts'
export type { Recognition, RecognizeOptions } from './reading.recognize.ts'

/** A file to read: where its bytes are on this machine, and the name it was given. */
export interface SourceFile {
  path: string
  filename: string
}

/** Everything read from one document. */
export interface ReadDocument extends Extraction {
  pages: ReadPage[]
}

/**
 * Turns files into pages of words with boxes. All work on the bytes is done in the sandbox, so a hostile file costs a child
 * process and a bounded time, and ends with an Unread whose code is stable.
 */
export interface Reader {
  /**
   * Reads native text, page batch by page batch. Pages that are pictures come without text and are named in `needsRecognition`.
   * Throws Unread (all codes but EMPTY for a file that is not zero bytes long), or Cancelled.
   */
  extractPages(file: SourceFile, options?: ExtractOptions): Promise<Extraction>
  /**
   * Recognises the text of some pages of a file that `extractPages` has seen. Pages arrive in any order; those in which nothing was
   * found are not delivered. Throws Cancelled, and, when told that it is the last hope, Unread (TIMED_OUT, UNREADABLE).
   */
  recognizePages(
    file: SourceFile & { contentType: ReadableType },
    numbers: number[],
    options?: RecognizeOptions,
  ): Promise<Recognition>
  /** Both at once, for those who need no stages. Throws Unread (also EMPTY when no page has text). */
  readDocument(file: SourceFile, options?: { signal?: AbortSignal }): Promise<ReadDocument>
}

/** Makes a reader that works in `sandbox`. */
export function createReader(sandbox: Sandbox, limits: Partial<ReadingLimits> = {}): Reader {
  const context = { sandbox, limits: { ...READING_LIMITS, ...limits } }
  const extractPages: Reader['extractPages'] = async (file, options = {}) => {
    const { size } = await stat(file.path)
    if (size === 0) throw new Unread('EMPTY', 'the file is empty')
    if (size > context.limits.bytes)
      throw new Unread('TOO_LARGE', `${size} bytes, at most ${context.limits.bytes} can be read`)
    return extractAll(context, file, options)
  }
  const recognizePages: Reader['recognizePages'] = (file, numbers, options = {}) =>
    recognizeAll(context, { file, numbers }, options)
  return {
    extractPages,
    recognizePages,
    readDocument: async (file, { signal } = {}) => {
      const pages = new Map<number, ReadPage>()
      const keep = (batch: { pages: ReadPage[] }): void => batch.pages.forEach((page) => pages.set(page.number, page))
      const stage = { onPages: keep, signal }
      const extraction = await extractPages(file, stage)
      const source = { ...file, contentType: extraction.contentType }
      const isLastHope = extraction.characters === 0
      const recognition = await recognizePages(source, extraction.needsRecognition, { ...stage, isLastHope })
      const read = [...pages.values()].sort((a, b) => a.number - b.number)
      const failed = [...extraction.failed, ...recognition.failed]
      const empty = extraction.characters + recognition.characters === 0 && extraction.attachments.length === 0
      if (empty) throw new Unread('EMPTY', 'no page has text')
      return { ...extraction, failed, pages: read }
    },
  }
}
