// Recognises the pictures named on the command line and prints what that costs: a process of its own, for the reader of text lives as long as its
// process does.
import recognizeTask, { type RecognizeProgress } from '../../../subgraphs/documents/src/reading/recognize.task.ts'
import { cpuOf } from './cpu.ts'

const [warmUp = '', ...paths] = process.argv.slice(2)
let words = 0

async function recognize(path: string): Promise<void> {
  const report = async (progress: RecognizeProgress) => {
    words += 'page' in progress ? (progress.page?.words.length ?? 0) : 0
  }
  await recognizeTask({ path, contentType: 'image/jpeg', numbers: [1] }, { report })
}

await recognize(warmUp)
words = 0
const costs: number[] = []
for (const path of paths) costs.push(await cpuOf(() => recognize(path)))
console.log(JSON.stringify({ costs, words }))
process.exit()
