import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Log } from '../log/log.ts'
import type { Account } from './embedded-postgres.account.ts'
import type { PostgresBinaries } from './embedded-postgres.binaries.ts'

/** What it takes to run a program of PostgreSQL on one data folder. */
export type Installation = {
  log: Log
  /** `false` trades the safety of a power cut for speed. */
  durable: boolean
  dataFolder: string
  binaries: PostgresBinaries
  account: Account
}

/**
 * Starts a program of PostgreSQL as the account that owns the data.
 *
 * A session of its own keeps Ctrl-C in the terminal from reaching the server before its clients have finished. The environment is
 * empty because PGDATA and its like would override what we say.
 */
export function run({ account }: Installation, program: string, programArgs: string[]): ChildProcess {
  const { command, args, ...as } = account.wrap(program, programArgs)
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
  return spawn(command, args, { ...as, cwd: '/', env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** How a program ended, also when it has ended already. */
export async function exitOf(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  if (child.exitCode !== null || child.signalCode !== null) return [child.exitCode, child.signalCode]
  return (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
}

/** The last of what a program said, to show when it fails. */
export function collect(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-2000)))
  return () => text.trim()
}
