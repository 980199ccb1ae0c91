import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { cpuOfProgram, isInstalled, median } from './cpu.ts'
import { businessSamples } from './papers.ts'

const main = fileURLToPath(new URL('./ocr.main.ts', import.meta.url))
const documents = createRequire(new URL('../../../subgraphs/documents/package.json', import.meta.url))
const languages = ['fra', 'eng']
const rounds = 3

interface Recognition {
  /** Milliseconds of CPU, one for each picture. */
  costs: number[]
  words: number
}

async function recognizeOurs(paths: readonly string[]): Promise<Recognition> {
  const [first = ''] = paths
  const { stdout } = await promisify(execFile)(process.execPath, [main, first, ...paths])
  return JSON.parse(stdout) as Recognition
}

/** The models of the product, unpacked for the program. */
async function unpackModels(folder: string): Promise<void> {
  for (const language of languages) {
    const model = join(
      dirname(documents.resolve(`@tesseract.js-data/${language}/package.json`)),
      '4.0.0_best_int',
      `${language}.traineddata.gz`,
    )
    await writeFile(join(folder, `${language}.traineddata`), gunzipSync(await readFile(model)))
  }
}

/** The program on each picture, on one core; what it takes to load the models is measured on an empty picture and taken off. */
async function recognizePeers(paths: readonly string[], folder: string): Promise<Recognition> {
  const nothing = join(folder, 'nothing.pgm')
  await writeFile(nothing, Buffer.concat([Buffer.from('P5 64 64 255\n'), Buffer.alloc(64 * 64, 255)]))
  const one = (path: string, output: string) => {
    const command = [
      'tesseract',
      path,
      join(folder, output),
      '--tessdata-dir',
      folder,
      '-l',
      languages.join('+'),
      '--oem',
      '1',
      '-c',
      'tessedit_create_tsv=1',
    ]
    return cpuOfProgram(command, { env: { OMP_THREAD_LIMIT: '1' } })
  }
  const loading = await one(nothing, 'nothing')
  const costs: number[] = []
  let words = 0
  for (const [index, path] of paths.entries()) {
    costs.push((await one(path, String(index))) - loading)
    const rows = (await readFile(join(folder, `${index}.tsv`), 'utf8')).split('\n')
    words += rows.filter((row) => row.startsWith('5\t') && row.split('\t').at(-1)?.trim()).length
  }
  return { costs, words }
}

const mean = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length

async function compare(title: string, paths: readonly string[], folder: string | null): Promise<void> {
  const ours: Recognition[] = []
  const theirs: Recognition[] = []
  // In turns, so that whatever else the machine does hits both.
  for (let round = 0; round < rounds; round++) {
    ours.push(await recognizeOurs(paths))
    if (folder) theirs.push(await recognizePeers(paths, folder))
  }
  const costOf = (found: readonly Recognition[]) => median(found.map(({ costs }) => mean(costs)))
  const line = (name: string, found: readonly Recognition[], more = '') =>
    console.log(
      `  ${name.padEnd(42)} ${costOf(found).toFixed(0).padStart(8)} ms CPU/page   ${found[0]?.words} words${more}`,
    )
  console.log(`\n${title}: ${paths.length} pages, one core (median of ${rounds} rounds)`)
  line('passerelle, straightened, looked at twice', ours)
  if (folder)
    line('tesseract, the same models (peer)', theirs, `   ours is ${(costOf(ours) / costOf(theirs)).toFixed(2)} × it`)
}

/** Text of pictures, beside the native program with the same models. */
export async function compareRecognition(): Promise<void> {
  const folder = (await isInstalled('tesseract')) ? await mkdtemp(join(tmpdir(), 'passerelle-bench-')) : null
  try {
    if (folder) await unpackModels(folder)
    else console.log('\ntesseract is not installed (package tesseract-ocr): that peer is left out.')
    await compare('Scans', await businessSamples(/__scan\.jpg$/), folder)
    await compare('Photographs', await businessSamples(/__photo\.jpg$/), folder)
  } finally {
    if (folder) await rm(folder, { recursive: true, force: true })
  }
}
