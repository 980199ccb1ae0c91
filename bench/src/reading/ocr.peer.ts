import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { cpuOfProgram, type Cpu } from './cpu.ts'

const documents = createRequire(new URL('../../../subgraphs/documents/package.json', import.meta.url))
const languages = ['fra', 'eng']

/** The native program with the models of the product, on one core. */
export interface Peer {
  /** Recognises a picture; the cost is without that of loading the models, which an empty picture tells. */
  recognize(path: string, dpi?: number): Promise<{ cost: Cpu; text: string; words: number }>
}

/** Unpacks the models into `folder`, which then holds what the program writes too. */
export async function preparePeer(folder: string): Promise<Peer> {
  for (const language of languages) {
    const home = dirname(documents.resolve(`@tesseract.js-data/${language}/package.json`))
    const packed = await readFile(join(home, '4.0.0_best_int', `${language}.traineddata.gz`))
    await writeFile(join(folder, `${language}.traineddata`), gunzipSync(packed))
  }
  const nothing = join(folder, 'nothing.pgm')
  await writeFile(nothing, Buffer.concat([Buffer.from('P5 64 64 255\n'), Buffer.alloc(64 * 64, 255)]))
  const output = join(folder, 'output')
  const start = (path: string, more: string[]): Promise<Cpu> => {
    const model = ['--tessdata-dir', folder, '-l', languages.join('+'), '--oem', '1']
    const command = ['tesseract', path, output, ...model, ...more, '-c', 'tessedit_create_tsv=1']
    return cpuOfProgram(command, { env: { OMP_THREAD_LIMIT: '1' } })
  }
  return {
    async recognize(path, dpi) {
      // Told anew each time: it varies with what else the machine does as much as the recognition itself.
      const loading = await start(nothing, [])
      const cost = (await start(path, dpi ? ['--dpi', String(dpi)] : [])) - loading
      const rows = (await readFile(`${output}.tsv`, 'utf8')).split('\n').filter((row) => row.startsWith('5\t'))
      const words = rows.map((row) => row.split('\t').at(-1)?.trim()).filter(Boolean)
      return { cost, text: words.join(' '), words: words.length }
    },
  }
}
