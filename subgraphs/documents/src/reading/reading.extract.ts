import { Cancelled, Crashed, OutOfMemory, TimedOut, type Sandbox } from '@passerelle/platform/sandbox'
import type { ReadableType } from './detect.ts'
import type extract from './extract.task.ts'
import type { ExtractOutput, ExtractProgress } from './extract.task.ts'
import { Unread } from './failure.ts'
import type { Attachment } from './attachment.ts'
import type { ReadingLimits } from './limits.ts'
import { blankPage, type ReadPage } from './page.ts'

/** What the reader works with. */
export interface ReadingContext {
  sandbox: Sandbox
  limits: ReadingLimits
}

/** How a document is read: where to begin again, and where its pages go. */
export interface ExtractOptions {
  /** First page to read, from 1. */
  fromPage?: number
  /** Called with every batch, in order; reading waits for it, so a batch that is stored need not be read again. */
  onPages?: (batch: {
    pages: ReadPage[]
    needsRecognition: number[]
    done: number
    total: number
  }) => void | Promise<void>
  signal?: AbortSignal
}

/** What is known once native text is read. Numbers of pages concern what was read now (from `fromPage` on). */
export interface Extraction {
  contentType: ReadableType
  pageCount: number
  title?: string
  /** Of a recording, when it says how long it is. */
  durationMs?: number
  needsRecognition: number[]
  /** Pages of which nothing could be read. */
  failed: number[]
  /** Letters read, without white space: none at all after recognition too means EMPTY. */
  characters: number
  attachments: Attachment[]
}

const task = new URL('./extract.task.ts', import.meta.url)

interface Course {
  next: number
  at: number
  total: number
  skip: number[]
  needsRecognition: number[]
  failed: number[]
  characters: number
  reason?: string
}

/** Reads native text; a page that ends its child is passed over and reading goes on in another one. */
export async function extractAll(
  context: ReadingContext,
  file: { path: string; filename: string },
  options: ExtractOptions,
): Promise<Extraction> {
  const course: Course = {
    next: options.fromPage ?? 1,
    at: 0,
    total: 0,
    skip: [],
    needsRecognition: [],
    failed: [],
    characters: 0,
  }
  const clock = startClock(context.limits.extraction)
  let fault: Error | undefined
  for (;;) {
    try {
      const output = await runOnce(context, file, { course, options, clock })
      if ('code' in output) throw new Unread(output.code, output.message)
      const { needsRecognition, failed, characters } = course
      if (failed.length > 0 && failed.length === output.pageCount)
        throw toUnread(fault ?? new Error(`no page can be read: ${course.reason}`))
      return { ...output, needsRecognition, failed, characters }
    } catch (error) {
      if (!isFault(error)) throw error
      if (course.at === 0) throw toUnread(error)
      fault = error
      course.skip.push(course.at)
      if (course.skip.length > context.limits.faults || clock.left() <= 0) return await giveUp(course, options, error)
    }
  }
}

async function runOnce(
  { sandbox, limits }: ReadingContext,
  { path, filename }: { path: string; filename: string },
  { course, options, clock }: { course: Course; options: ExtractOptions; clock: Clock },
): Promise<ExtractOutput> {
  const input = { path, filename, fromPage: course.next, skip: course.skip, maxPages: limits.pages }
  const onProgress = async (progress: ExtractProgress): Promise<void> => {
    course.total = progress.total
    if ('at' in progress) course.at = progress.at
    else await take(course, progress, options)
  }
  const run = {
    onProgress,
    onStart: clock.start,
    deadline: clock.left(),
    stall: limits.extractionStall,
    signal: options.signal,
  }
  return sandbox.run<typeof extract>(task, input, run).finally(clock.stop)
}

async function take(
  course: Course,
  batch: Exclude<ExtractProgress, { at: number }>,
  { onPages }: ExtractOptions,
): Promise<void> {
  course.next = batch.through + 1
  course.needsRecognition.push(...batch.needsRecognition)
  course.failed.push(...batch.failed)
  course.reason = batch.reason ?? course.reason
  for (const page of batch.pages) course.characters += page.text.replaceAll(/\s/g, '').length
  await onPages?.({
    pages: batch.pages,
    needsRecognition: batch.needsRecognition,
    done: batch.through,
    total: batch.total,
  })
}

/** Some pages were read and the rest cannot be: the document is what was read. */
async function giveUp(course: Course, options: ExtractOptions, reason: unknown): Promise<Extraction> {
  if (course.characters === 0 && course.needsRecognition.length === 0) throw toUnread(reason)
  const missing = Array.from({ length: course.total - course.next + 1 }, (_, index) => course.next + index)
  await take(
    course,
    {
      pages: missing.map((number) => blankPage(number)),
      needsRecognition: [],
      failed: missing,
      through: course.total,
      total: course.total,
    },
    options,
  )
  const { needsRecognition, failed, characters } = course
  return {
    contentType: 'application/pdf',
    pageCount: course.total,
    needsRecognition,
    failed,
    characters,
    attachments: [],
  }
}

/** A death of the child that says something about the file, not about the caller. */
export function isFault(error: unknown): error is Error {
  return error instanceof TimedOut || error instanceof OutOfMemory || error instanceof Crashed
}

function toUnread(error: unknown): Error {
  if (error instanceof Cancelled) return error
  if (error instanceof TimedOut) return new Unread('TIMED_OUT', 'reading took too long')
  return new Unread('UNREADABLE', error instanceof Error ? error.message : String(error))
}

/** Adds up the time in which children worked. */
export interface Clock {
  start: () => void
  stop: () => void
  left: () => number
}

/** A clock that has `budget` milliseconds; it runs from `start` to `stop`. */
export function startClock(budget: number): Clock {
  let spent = 0
  let since: number | undefined
  const stop = (): void => {
    if (since !== undefined) spent += performance.now() - since
    since = undefined
  }
  return { start: () => (since = performance.now()), stop, left: () => Math.max(0, budget - spent) }
}
