import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isInstalled, median, type Cpu } from './cpu.ts'
import type { Reply, Request } from './ocr.main.ts'
import { preparePeer, type Peer } from './ocr.peer.ts'
import { loadValues, type CountValues } from './ocr.values.ts'
import { businessSamples } from './papers.ts'

const main = fileURLToPath(new URL('./ocr.main.ts', import.meta.url))
const rounds = 3

interface Found {
  cost: Cpu
  text: string
  words: number
}

/** One picture in one round: ours, the peer on the file as it came, and the peer on the picture as we straighten it. */
interface Turn {
  path: string
  ours: Reply
  raw?: Found
  straight?: Found
}

interface Ground {
  folder: string
  peer: Peer | null
  countValues: CountValues
}

async function takeTurns(paths: readonly string[], { folder, peer }: Ground): Promise<Turn[]> {
  const child = fork(main)
  const turns: Turn[] = []
  try {
    // In turns, picture by picture, so that whatever else the machine does hits all of them. The first round only warms up.
    for (let round = 0; round <= rounds; round++) {
      for (const path of paths) {
        const prepared = join(folder, `${basename(path)}.pgm`)
        child.send({ path, prepared } satisfies Request)
        const [ours]: Reply[] = await once(child, 'message')
        if (!ours || round === 0) continue
        const theirs = peer && { raw: await peer.recognize(path), straight: await peer.recognize(prepared, ours.dpi) }
        turns.push({ path, ours, ...theirs })
      }
    }
  } finally {
    child.disconnect()
  }
  return turns
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** What one way cost on the mean page, and what it read on all of them. */
function judge(turns: readonly Turn[], countValues: CountValues, pick: (turn: Turn) => Found | undefined) {
  const last = new Map(turns.map((turn) => [turn.path, pick(turn)]))
  const values = [...last].map(([path, found]) => countValues(path, found?.text ?? ''))
  const words = sum([...last.values()].map((found) => found?.words ?? 0))
  const [found, printed] = [sum(values.map((value) => value.found)), sum(values.map((value) => value.printed))]
  return {
    cost: costOf(turns, (turn) => pick(turn)?.cost),
    read: `${words} words, ${found} of ${printed} printed values`,
  }
}

function costOf(turns: readonly Turn[], pick: (turn: Turn) => Cpu | undefined): Cpu {
  const pages = Object.values(Object.groupBy(turns, ({ path }) => path))
  return sum(pages.map((page) => median((page ?? []).map((turn) => pick(turn) ?? 0)))) / pages.length
}

function line(name: string, ms: Cpu, more = ''): void {
  console.log(`  ${name.padEnd(42)} ${ms.toFixed(0).padStart(8)} ms CPU/page   ${more}`)
}

async function compare(title: string, paths: readonly string[], ground: Ground): Promise<void> {
  const turns = await takeTurns(paths, ground)
  const memory = Math.max(...turns.map(({ ours }) => ours.memory))
  console.log(`\n${title}: ${paths.length} pages, one core (medians of ${rounds} rounds)`)
  const ours = judge(turns, ground.countValues, (turn) => turn.ours)
  line('passerelle, the whole way', ours.cost, `${ours.read}   ${memory.toFixed(0)} MB at most`)
  for (const step of ['decode', 'straighten', 'engine', 'second look'] as const)
    line(
      `  ${step}`,
      costOf(turns, (turn) => turn.ours.steps[step]),
    )
  if (!ground.peer) return
  const engine = costOf(turns, (turn) => turn.ours.steps.engine)
  const raw = judge(turns, ground.countValues, (turn) => turn.raw)
  const straight = judge(turns, ground.countValues, (turn) => turn.straight)
  const ratio = (mine: Cpu, theirs: Cpu) => `${(mine / theirs).toFixed(2)} × it`
  line('tesseract on the file (peer)', raw.cost, `${raw.read}   the whole way is ${ratio(ours.cost, raw.cost)}`)
  line(
    'tesseract on it straightened (peer)',
    straight.cost,
    `${straight.read}   the whole way is ${ratio(ours.cost, straight.cost)}, our engine alone ${ratio(engine, straight.cost)}`,
  )
}

/** Text of pictures, beside the native program with the same models. */
export async function compareRecognition(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-bench-'))
  try {
    const peer = (await isInstalled('tesseract')) ? await preparePeer(folder) : null
    if (!peer) console.log('\ntesseract is not installed (package tesseract-ocr): that peer is left out.')
    const ground = { folder, peer, countValues: await loadValues() }
    await compare('Scans', await businessSamples(/__scan\.jpg$/), ground)
    await compare('Photographs', await businessSamples(/__photo\.jpg$/), ground)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
