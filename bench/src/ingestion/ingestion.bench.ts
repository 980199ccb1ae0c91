import { readFile } from 'node:fs/promises'
import { settled, signUp, type ApiClient } from '../../../tests/src/client.ts'
import { preparePasserelle, type Passerelle } from '../../../tests/src/passerelle.ts'
import { businessSamples, createWriter, makeReport } from '../reading/papers.ts'
import { isMeasurable, startMeter } from './house.ts'
import { makeScans } from './scans.ts'

interface Load {
  title: string
  files: { name: string; bytes: Buffer }[]
  /** Of all files together, in what `unit` names. */
  count: number
  unit: string
}

/** As many as a person's browser sends at once. */
const atOnce = 4

/**
 * Files through the whole running product, from the first byte sent to the last document READY (`npm run bench -- ingestion
 * [native|scanned|texts …]`): in the time of the clock, which depends on what else the machine does, and in processor time of all its processes.
 */
export async function run(args: readonly string[]): Promise<void> {
  const isMeasured = await isMeasurable()
  if (!isMeasured) console.log('There is no /proc here: processor time and memory are left out.')
  for (const [name, load] of Object.entries(loads)) {
    if (args.length > 0 && !args.includes(name)) continue
    // Each on a house of its own, so that its memory is that of this load.
    const house = await preparePasserelle()
    try {
      await house.start()
      await take(await signUp(house.url), [{ name: 'warm-up.pdf', bytes: makeReport(2, 0) }])
      await measure(house, await load(), isMeasured)
    } finally {
      await house.remove()
    }
  }
}

const loads: Record<string, () => Promise<Load>> = {
  async native() {
    const papers = await businessSamples(/\.pdf$/)
    const small = await Promise.all(papers.map(async (path) => ({ name: 'paper.pdf', bytes: await readFile(path) })))
    const reports = [1, 2, 3].map((seed) => ({ name: `report-${seed}.pdf`, bytes: makeReport(100, seed) }))
    return {
      title: 'Native PDFs, 3 of 100 pages and the papers of one',
      files: [...reports, ...small],
      count: 300 + small.length,
      unit: 'page',
    }
  },
  async scanned() {
    const pictures = await Promise.all((await businessSamples(/\.jpg$/)).map((path) => readFile(path)))
    const files = [1, 2, 3, 4].map((mark) => ({
      name: `scan-${mark}.pdf`,
      bytes: makeScans(pictures.slice(0, 4), String(mark)),
    }))
    return { title: 'Scanned PDFs of 4 pages', files, count: files.length * 4, unit: 'page' }
  },
  async texts() {
    const files = Array.from({ length: 300 }, (_, index) => ({
      name: `note-${index}.txt`,
      bytes: Buffer.from(`Note ${index}\n\n${createWriter(index + 1)(120)}.\n`),
    }))
    return { title: 'Texts of 120 words', files, count: files.length, unit: 'document' }
  },
}

async function measure(house: Passerelle, { title, files, count, unit }: Load, isMeasured: boolean): Promise<void> {
  const client = await signUp(house.url)
  const meter = isMeasured ? await startMeter(house) : null
  const startedAt = performance.now()
  await take(client, files)
  const seconds = (performance.now() - startedAt) / 1000
  await meter?.stop()
  console.log(`\n${title}: ${count} ${unit}s in ${files.length} files`)
  console.log(`  ${(count / seconds).toFixed(1)} ${unit}s/s by the clock (${seconds.toFixed(1)} s)`)
  if (!meter) return
  const { cpu, server, child, all } = meter.read()
  console.log(
    `  ${((cpu * 1000) / count).toFixed(1)} ms CPU per ${unit}, ${(count / cpu).toFixed(1)} ${unit}s per second of one core`,
  )
  console.log(
    `  at most ${server.toFixed(0)} MB in the server, ${child.toFixed(0)} MB in one child that reads, ${all.toFixed(0)} MB in all with the database`,
  )
}

/** Sends the files and waits until all are read. Throws when one was not. */
async function take(client: ApiClient, files: Load['files']): Promise<void> {
  const waiting = [...files]
  const send = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await client.upload(next.name, next.bytes)
  }
  await Promise.all(Array.from({ length: atOnce }, send))
  const states = await settled(client, 600_000)
  const unread = states.filter(({ status }) => status.stage !== 'READY')
  if (unread.length > 0 || states.length !== files.length) {
    throw new Error(
      `${unread.length} of ${states.length} documents were not read (${files.length} sent): ${JSON.stringify(unread[0])}`,
    )
  }
}
