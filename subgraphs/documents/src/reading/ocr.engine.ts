import { once } from 'node:events'
import { MessageChannel, Worker } from 'node:worker_threads'
import type { Order, Outcome, RecognizedLine, Trade } from './ocr.thread.ts'
import { toPix, type Picture } from './picture.ts'

const thread = new URL('./ocr.thread.ts', import.meta.url)
const START_TIME = 30_000
const ORIENTATION_TIME = 15_000
const PATIENCE = 5

// One reader of text lives as long as its process: loading the languages takes as long as a page.
let reader: Worker | undefined

/** How to look at a picture: `uneven` is for photographs, whose background has shadows; `sparse` for words strewn over it. */
export interface Manner {
  uneven: boolean
  sparse?: boolean
  time: number
}

interface Work {
  picture: Picture
  settings: Record<string, string>
}

/** The picture's lines of text as tesseract found them. Rejects after `time` milliseconds of work. */
export async function recognizePicture(picture: Picture, { uneven, sparse, time }: Manner): Promise<RecognizedLine[]> {
  const settings = {
    // Pages as they come, or text wherever it stands.
    tessedit_pageseg_mode: sparse ? '11' : '3',
    user_defined_dpi: String(Math.round(picture.dpi ?? 200)),
    // Sauvola's local threshold, or one for the whole page.
    thresholding_method: uneven ? '2' : '0',
    thresholding_kfactor: uneven ? '0.2' : '0.34',
  }
  const starting = reader === undefined
  reader ??= startThread('text')
  try {
    const outcome = await order(reader, { picture, settings }, starting ? time + START_TIME : time)
    return 'lines' in outcome ? outcome.lines : []
  } catch (error) {
    const broken = reader
    reader = undefined
    await broken?.terminate()
    throw error
  }
}

/** Clockwise degrees by which the picture must be turned to stand upright (0, 90, 180, 270), undefined when that cannot be told. */
export async function findOrientation(picture: Picture): Promise<number | undefined> {
  const worker = startThread('orientation')
  try {
    const outcome = await order(worker, { picture, settings: {} }, START_TIME + ORIENTATION_TIME)
    return 'degrees' in outcome ? outcome.degrees : undefined
  } catch {
    return undefined
  } finally {
    await worker.terminate()
  }
}

function startThread(trade: Trade): Worker {
  const worker = new Worker(thread, { workerData: trade })
  // Whoever waits for it is told; without a listener it would end the process.
  worker.on('error', () => undefined)
  worker.once('exit', () => {
    if (reader === worker) reader = undefined
  })
  return worker
}

/** Gives the thread a picture and waits for what comes of it. Rejects when it fails, ends, or takes more than `time` milliseconds. */
async function order(worker: Worker, { picture, settings }: Work, time: number): Promise<Outcome> {
  const { port1, port2 } = new MessageChannel()
  const over = new AbortController()
  const watch = watchTime(time, () => over.abort())
  const { signal } = over
  try {
    const page = toPix(picture)
    worker.postMessage({ page, settings, answer: port2 } satisfies Order, [page.buffer, port2])
    const ended = once(worker, 'exit', { signal }).then(() => Promise.reject(new Error('the thread has ended')))
    const [outcome]: Outcome[] = await Promise.race([once(port1, 'message', { signal }), ended])
    if (!outcome || 'error' in outcome) throw new Error(outcome?.error ?? 'recognition gave nothing')
    return outcome
  } finally {
    clearInterval(watch)
    over.abort()
    port1.close()
  }
}

/**
 * Calls `onLate` when this process has worked `time` milliseconds. On a busy machine that takes longer by the clock, which counts only when it has
 * gone PATIENCE times as far.
 */
function watchTime(time: number, onLate: () => void): NodeJS.Timeout {
  const [worked, startedAt] = [process.cpuUsage(), performance.now()]
  return setInterval(() => {
    const { user, system } = process.cpuUsage(worked)
    if ((user + system) / 1000 > time || performance.now() - startedAt > time * PATIENCE) onLate()
  }, time / 20)
}
