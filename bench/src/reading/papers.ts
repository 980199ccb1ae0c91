import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makePdf, showLines } from '../../../subgraphs/documents/src/reading/testing/make-pdf.ts'

const samples = fileURLToPath(new URL('../../../tests/samples/', import.meta.url))
const words = (
  'le transporteur livre chaque colis au destinataire avant midi et signale toute réserve sur le bon de livraison la conciergerie prépare ' +
  'logement pour arrivée des voyageurs contrôle ménage remet clés puis établit facture avec montant hors taxes échéance trente jours'
).split(' ')

/** Paths of the business samples whose names match. */
export async function businessSamples(name: RegExp): Promise<string[]> {
  const names = await readdir(join(samples, 'business'))
  return names
    .filter((each) => name.test(each))
    .toSorted()
    .map((each) => join(samples, 'business', each))
}

/** A sample by its name under tests/samples. */
export function sample(name: string): string {
  return join(samples, name)
}

/** Sentences that are the same at every run and differ from seed to seed. */
export function createWriter(seed: number): (count: number) => string {
  let state = seed * 2_654_435_761 + 1
  const draw = () => words[(state = (state * 1_664_525 + 1_013_904_223) >>> 0) % words.length] ?? ''
  return (count) => Array.from({ length: count }, draw).join(' ')
}

/** A PDF of running text, 46 lines of about 13 words on each page under a heading; another seed gives other words. */
export function makeReport(pages: number, seed: number): Buffer {
  const write = createWriter(seed)
  const contents = Array.from({ length: pages }, (_, page) => {
    const body = Array.from({ length: 46 }, (_line, row) => ({ x: 60, y: 740 - row * 15, text: write(13), size: 10 }))
    return showLines([{ x: 60, y: 780, text: `Chapitre ${page + 1} du rapport ${seed}`, size: 18 }, ...body])
  })
  return makePdf(contents)
}
