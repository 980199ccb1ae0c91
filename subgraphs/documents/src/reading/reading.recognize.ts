import type { ReadableType } from './detect.ts'
import { Unread } from './failure.ts'
import type { ReadPage } from './page.ts'
import { isFault, startClock, type Clock, type ReadingContext } from './reading.extract.ts'
import type recognizeTask from './recognize.task.ts'
import type { RecognizeProgress } from './recognize.task.ts'

/** How pages are recognised and where they go. */
export interface RecognizeOptions {
  /** Called after every page; `handled` are the pages that need no second try, with text or without. */
  onPages?: (batch: { pages: ReadPage[]; handled: number[]; done: number; total: number }) => void | Promise<void>
  signal?: AbortSignal
  /** No page has text so far: recognition that fails is then the end of the document. */
  isLastHope?: boolean
}

/** What recognition gave. */
export interface Recognition {
  /** Pages that could not be recognised: damaged, too slow, or left when time was up. */
  failed: number[]
  /** Letters recognised, without white space. */
  characters: number
}

interface Course {
  waiting: number[]
  done: number
  total: number
  failed: number[]
  characters: number
  faults: number
}

/** Few pages at a time, so that other documents get their turn between. */
const SLICE = 3
const task = new URL('./recognize.task.ts', import.meta.url)

/** Recognises pages on as many children as there are; a page that ends its child is passed over. */
export async function recognizeAll(
  context: ReadingContext,
  { file, numbers }: { file: { path: string; contentType: ReadableType }; numbers: number[] },
  options: RecognizeOptions,
): Promise<Recognition> {
  const course: Course = { waiting: [...numbers], done: 0, total: numbers.length, failed: [], characters: 0, faults: 0 }
  const lanes = Math.min(context.sandbox.size, Math.ceil(numbers.length / SLICE))
  const clocks = Array.from({ length: lanes }, () => startClock(context.limits.recognition))
  await Promise.all(clocks.map((clock) => runLane(context, file, { course, options, clock })))
  course.failed.push(...course.waiting)
  if (options.isLastHope && course.characters === 0 && course.failed.length > 0) {
    throw course.faults > 0
      ? new Unread('TIMED_OUT', 'recognition took too long')
      : new Unread('UNREADABLE', 'the pictures cannot be read')
  }
  return { failed: course.failed, characters: course.characters }
}

interface Lane {
  course: Course
  options: RecognizeOptions
  clock: Clock
}

async function runLane(
  context: ReadingContext,
  file: { path: string; contentType: ReadableType },
  lane: Lane,
): Promise<void> {
  const { course, clock } = lane
  while (course.waiting.length > 0 && course.faults <= context.limits.faults && clock.left() > 0) {
    const slice = course.waiting.splice(0, SLICE)
    await runSlice(context, { ...file, slice }, lane)
  }
}

async function runSlice(
  { sandbox, limits }: ReadingContext,
  { path, contentType, slice }: { path: string; contentType: ReadableType; slice: number[] },
  { course, options, clock }: Lane,
): Promise<void> {
  const left = new Set(slice)
  let at = slice[0] ?? 0
  const onProgress = async (progress: RecognizeProgress): Promise<void> => {
    if ('at' in progress) at = progress.at
    else {
      left.delete(progress.number)
      await take(course, progress, options)
    }
  }
  const run = {
    onProgress,
    onStart: clock.start,
    deadline: clock.left(),
    stall: limits.recognitionStall,
    signal: options.signal,
  }
  try {
    await sandbox.run<typeof recognizeTask>(task, { path, contentType, numbers: slice }, run).finally(clock.stop)
  } catch (error) {
    if (!isFault(error)) throw error
    course.faults += 1
    left.delete(at)
    course.failed.push(at)
    course.waiting.unshift(...left)
  }
}

async function take(
  course: Course,
  { number, page, failed }: Exclude<RecognizeProgress, { at: number }>,
  { onPages }: RecognizeOptions,
): Promise<void> {
  course.done += 1
  if (failed) course.failed.push(number)
  course.characters += page?.text.replaceAll(/\s/g, '').length ?? 0
  await onPages?.({ pages: page ? [page] : [], handled: [number], done: course.done, total: course.total })
}
