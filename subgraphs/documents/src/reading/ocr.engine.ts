import { fileURLToPath } from 'node:url'
import { createWorker, OEM, PSM, type Page, type Worker } from 'tesseract.js'
import { toPgm, type Picture } from './picture.ts'

const workerPath = fileURLToPath(new URL('./ocr.thread.ts', import.meta.url))
const START_TIME = 30_000
const ORIENTATION_TIME = 15_000

// One reader of text lives as long as its process: loading the languages takes as long as a page.
let reader: Promise<Worker> | undefined

/** How to look at a picture: `uneven` is for photographs, whose background has shadows; `sparse` for words strewn over it. */
export interface Manner {
  uneven: boolean
  sparse?: boolean
  time: number
}

/** The picture's text as tesseract found it. Rejects after `time` milliseconds. */
export async function recognizePicture(picture: Picture, { uneven, sparse, time }: Manner): Promise<Page> {
  reader ??= startWorker('fra+eng', OEM.LSTM_ONLY)
  const worker = await reader
  const parameters = {
    tessedit_pageseg_mode: sparse ? PSM.SPARSE_TEXT : PSM.AUTO,
    user_defined_dpi: String(Math.round(picture.dpi ?? 200)),
    ...(uneven ? { thresholding_method: '2', thresholding_kfactor: '0.2' } : { thresholding_method: '0' }),
  }
  try {
    await worker.setParameters(parameters)
    const { data } = await within(time, worker.recognize(toPgm(picture), {}, { blocks: true, text: false }))
    return data
  } catch (error) {
    reader = undefined
    await worker.terminate()
    throw error
  }
}

/** Clockwise degrees by which the picture must be turned to stand upright (0, 90, 180, 270), undefined when that cannot be told. */
export async function findOrientation(picture: Picture): Promise<number | undefined> {
  const worker = await startWorker('osd', OEM.TESSERACT_ONLY)
  try {
    const { data } = await within(ORIENTATION_TIME, worker.detect(toPgm(picture)))
    return (data.orientation_confidence ?? 0) > 1 ? (data.orientation_degrees ?? undefined) : undefined
  } catch {
    return undefined
  } finally {
    await worker.terminate()
  }
}

function startWorker(languages: string, mode: OEM): Promise<Worker> {
  const legacy = mode === OEM.TESSERACT_ONLY
  const options = {
    workerPath,
    langPath: 'packages',
    gzip: true,
    cacheMethod: 'none',
    legacyCore: legacy,
    legacyLang: legacy,
  }
  // Without a handler a bad picture would end the process.
  return within(START_TIME, createWorker(languages, mode, { ...options, errorHandler: () => undefined }))
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`recognition took more than ${milliseconds} ms`)), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
