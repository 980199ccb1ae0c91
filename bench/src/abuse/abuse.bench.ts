import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { abuses, type Abuse } from '@passerelle/gateway/abuse/testing'

const ROUNDS = 7

const ways = { passerelle: 'passerelle gateway', armor: 'Apollo Server with GraphQL Armor' }
type Way = keyof typeof ways

interface House {
  way: Way
  child: ChildProcess
  url: string
}

interface Measured {
  /** Milliseconds, the median and the longest. */
  median: number
  longest: number
  /** Milliseconds of the server's CPU, once. */
  cpu: number
  /** MiB that the server grew by. */
  grown: number
  refused: boolean
}

/** How long it takes to refuse each request of the list of abuses, and what it takes of the server, beside a peer; ratios are ours by theirs. */
export async function run(): Promise<void> {
  const houses: House[] = []
  try {
    for (const way of Object.keys(ways) as Way[]) houses.push(await open(way))
    for (const house of houses)
      await measure(house, { name: 'warm up', code: '', body: { query: '{ viewer { id } }' } })
    console.log(`median · longest of ${ROUNDS} in ms, CPU each in ms, growth in MiB; ! is answered, not refused`)
    const all = new Map<Way, Measured[]>(houses.map(({ way }) => [way, []]))
    for (const abuse of abuses) {
      const line: string[] = []
      for (const house of houses) {
        const measured = await measure(house, abuse)
        all.get(house.way)?.push(measured)
        line.push(tell(measured))
      }
      console.log(`  ${abuse.name.padEnd(48)} ${line.join('  |  ')}`)
    }
    for (const { way } of houses) sum(way, all.get(way) ?? [])
  } finally {
    for (const { child } of houses) child.disconnect()
  }
}

function tell({ median, longest, cpu, grown, refused }: Measured): string {
  const times = `${median.toFixed(1).padStart(6)} · ${longest.toFixed(1).padStart(6)}`
  return `${refused ? ' ' : '!'} ${times}  ${cpu.toFixed(1).padStart(6)}  ${grown.toFixed(0).padStart(3)}`
}

function sum(way: Way, measured: readonly Measured[]): void {
  const total = (of: (each: Measured) => number) => measured.reduce((all, each) => all + of(each), 0)
  const longest = Math.max(...measured.map((each) => each.longest))
  const answered = measured.filter(({ refused }) => !refused).length
  console.log(
    `${ways[way].padEnd(34)} longest ${longest.toFixed(0)} ms   CPU of the list ${total(({ cpu }) => cpu).toFixed(0)} ms   grew ${total(({ grown }) => grown).toFixed(0)} MiB   answered ${answered} of ${measured.length}`,
  )
}

async function measure({ child, url }: House, { body, headers }: Abuse): Promise<Measured> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: text }
  const times: number[] = []
  let answer = ''
  const before = await ask(child, 'begin')
  for (let round = 0; round < ROUNDS; round++) {
    const since = performance.now()
    answer = await fetch(url, init).then(
      (response) => response.text(),
      (error: unknown) => String(error),
    )
    times.push(performance.now() - since)
  }
  const after = await ask(child, 'end')
  times.sort((left, right) => left - right)
  const spent = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system
  return {
    median: times[Math.floor(ROUNDS / 2)] ?? 0,
    longest: times.at(-1) ?? 0,
    cpu: spent / 1000 / ROUNDS,
    grown: (after.rss - before.rss) / 1024 / 1024,
    refused: !/"data":\{/.test(answer),
  }
}

async function open(way: Way): Promise<House> {
  const child = fork(join(import.meta.dirname, 'serve.main.ts'), [way], {
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const { url } = await new Promise<{ url: string }>((resolve) => child.once('message', resolve as () => void))
  return { way, child, url }
}

interface Told {
  cpu: NodeJS.CpuUsage
  rss: number
}

function ask(child: ChildProcess, what: 'begin' | 'end'): Promise<Told> {
  return new Promise((resolve) => {
    child.once('message', resolve as () => void)
    child.send(what)
  })
}
