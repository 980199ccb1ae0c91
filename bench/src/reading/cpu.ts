import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Milliseconds of processor time, all threads, user and system. */
export type Cpu = number

/** What `work` costs this process. */
export async function cpuOf(work: () => Promise<unknown>): Promise<Cpu> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/**
 * What a program costs from its start to its end, the mean of `times` runs one after the other, for the account of a single short run is rough.
 * Its output is dropped. Rejects when it fails.
 */
export async function cpuOfProgram(
  [program = '', ...args]: readonly string[],
  { times = 1, env = {} }: { times?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<Cpu> {
  // `times` prints the shell's own time, then its children's: the only account of them that every system keeps.
  const script =
    'left=$1; shift; while [ $left -gt 0 ]; do "$@" >/dev/null 2>&1 || exit 1; left=$((left - 1)); done; times'
  const { stdout } = await run('sh', ['-c', script, 'sh', String(times), program, ...args], {
    env: { ...process.env, ...env },
  })
  const last = stdout.trim().split('\n').at(-1) ?? ''
  const spent = [...last.matchAll(/(\d+)m([\d.,]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds?.replace(',', '.')) * 1000,
    0,
  )
  return spent / times
}

/** Whether a program can be started here. */
export async function isInstalled(program: string): Promise<boolean> {
  return run('sh', ['-c', 'command -v "$1"', 'sh', program]).then(
    () => true,
    () => false,
  )
}

export function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0
}
