import { execFile } from 'node:child_process'
import { readFile, readdir } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Passerelle } from '../../../tests/src/passerelle.ts'

/** What the processes of a house have used since the meter was started. */
export interface Usage {
  /** Seconds of processor time of all processes, those that have ended meanwhile included as far as they were seen. */
  cpu: number
  /** Megabytes at the highest moment: of the server, of one of its children that read documents, of all processes with the database. */
  server: number
  child: number
  all: number
}

export interface Meter {
  read(): Usage
  stop(): Promise<void>
}

type Sample = { pid: number; cpu: number; memory: number; role: 'server' | 'child' | 'engine' }

const everyMs = 250

/** Whether processes can be measured here: their accounts are read from /proc. */
export async function isMeasurable(): Promise<boolean> {
  return readFile('/proc/self/smaps_rollup').then(
    () => true,
    () => false,
  )
}

/** Watches every process of the house, four times a second. Memory shared between processes is counted once. */
export async function startMeter(house: Passerelle): Promise<Meter> {
  const ticks = Number((await promisify(execFile)('getconf', ['CLK_TCK'])).stdout)
  const first = new Map((await sample(house, ticks)).map(({ pid, cpu }) => [pid, cpu]))
  const last = new Map(first)
  const peak = { server: 0, child: 0, all: 0 }
  const look = async () => {
    const samples = await sample(house, ticks)
    for (const { pid, cpu } of samples) last.set(pid, cpu)
    const most = (role: Sample['role']) =>
      Math.max(0, ...samples.filter((each) => each.role === role).map(({ memory }) => memory))
    peak.server = Math.max(peak.server, most('server'))
    peak.child = Math.max(peak.child, most('child'))
    peak.all = Math.max(
      peak.all,
      samples.reduce((sum, { memory }) => sum + memory, 0),
    )
  }
  let running = true
  const watching = (async () => {
    while (running) {
      await look()
      await new Promise((resolve) => setTimeout(resolve, everyMs))
    }
  })()
  return {
    read: () => ({ ...peak, cpu: [...last].reduce((sum, [pid, cpu]) => sum + cpu - (first.get(pid) ?? 0), 0) }),
    async stop() {
      running = false
      await watching
      await look()
    },
  }
}

async function sample(house: Passerelle, ticks: number): Promise<Sample[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0)
  const found = await Promise.all(pids.map((pid) => sampleProcess(pid, house, ticks)))
  return found.filter((each) => each !== null)
}

async function sampleProcess(pid: number, house: Passerelle, ticks: number): Promise<Sample | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // Behind the name in parentheses: state, parent, group …
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8')
    if (pid === process.pid || (Number(fields[2]) !== house.group && !command.includes(house.data))) return null
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
    const memory = Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024
    const role = pid === house.group ? 'server' : command.includes('sandbox') ? 'child' : 'engine'
    return { pid, cpu: (Number(fields[11]) + Number(fields[12])) / ticks, memory, role }
  } catch {
    // It has ended meanwhile.
    return null
  }
}
