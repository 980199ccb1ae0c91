// Recognises pictures one by one, as it is told, and answers what each costs: a process of its own, for the reader of text lives as long as its
// process does.
import { writeFile } from 'node:fs/promises'
import { loadImage } from '../../../subgraphs/documents/src/reading/image.ts'
import { recognizePicture } from '../../../subgraphs/documents/src/reading/ocr.engine.ts'
import { findMissed } from '../../../subgraphs/documents/src/reading/ocr.missed.ts'
import { prepareSheet } from '../../../subgraphs/documents/src/reading/ocr.sheet.ts'
import { findWords } from '../../../subgraphs/documents/src/reading/ocr.words.ts'
import recognizeTask, { type RecognizeProgress } from '../../../subgraphs/documents/src/reading/recognize.task.ts'
import { cpuOf, type Cpu } from './cpu.ts'

/** A picture to recognise; as it is made ready for the engine it is left in `prepared`, in the portable grey format. */
export interface Request {
  path: string
  prepared: string
}

/** What the whole way gave and cost, what each step costs when they are taken one by one, and the process's memory (MB) at its highest. */
export interface Reply {
  cost: Cpu
  text: string
  words: number
  dpi: number
  steps: Record<'decode' | 'straighten' | 'engine' | 'second look', Cpu>
  memory: number
}

async function recognize(path: string): Promise<Pick<Reply, 'cost' | 'text' | 'words'>> {
  let [text, words] = ['', 0]
  const report = async (progress: RecognizeProgress) => {
    if ('at' in progress) return
    text = progress.page?.text ?? ''
    words = progress.page?.words.length ?? 0
  }
  const cost = await cpuOf(() => recognizeTask({ path, contentType: 'image/jpeg', numbers: [1] }, { report }))
  return { cost, text, words }
}

async function takeSteps({ path, prepared }: Request): Promise<Pick<Reply, 'dpi' | 'steps'>> {
  const [picture, decode] = await step(() => loadImage(path, 'image/jpeg', 1))
  const [sheet, straighten] = await step(() => prepareSheet(picture))
  const manner = { uneven: sheet.uneven, time: 60_000 }
  const [lines, engine] = await step(() => recognizePicture(sheet.picture, manner))
  const boxes = findWords(lines).map(({ word }) => word.bbox)
  const [, second] = await step(async () => {
    const missed = findMissed(sheet, boxes)
    if (missed) await recognizePicture(missed.picture, { ...manner, sparse: true })
  })
  const { width, height, pixels } = sheet.picture
  await writeFile(prepared, Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), pixels]))
  return { dpi: picture.dpi ?? 200, steps: { decode, straighten, engine, 'second look': second } }
}

async function step<T>(work: () => Promise<T> | T): Promise<[T, Cpu]> {
  const done: T[] = []
  const cost = await cpuOf(async () => done.push(await work()))
  return [done[0] as T, cost]
}

process.on('message', async (request: Request) => {
  const whole = await recognize(request.path)
  const parts = await takeSteps(request)
  process.send?.({ ...whole, ...parts, memory: process.resourceUsage().maxRSS / 1024 } satisfies Reply)
})
process.on('disconnect', () => process.exit())
