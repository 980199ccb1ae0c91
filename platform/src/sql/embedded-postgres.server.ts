import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../log/log.ts'
import { readPostmasterFile, stopOrphan, stopPostmaster } from './embedded-postgres.postmaster.ts'
import { collect, exitOf, run, type Installation } from './embedded-postgres.process.ts'

export type Server = Installation & { socketFolder: string; port: number }

const START_TIMEOUT_MS = 60_000
const START_ATTEMPTS = 5
const SHORTEST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 30_000

/**
 * Starts the server, and starts it again whenever it ends by itself, for as long as that takes: what keeps it from starting, such as a full disk, may be
 * over in an hour. A first start that fails is told. Answers how to stop it for good; stopping twice is once.
 */
export async function supervise(server: Server): Promise<() => Promise<void>> {
  const ending = new AbortController()
  let current = startWithRetry(server)
  let stopping: Promise<void> | undefined
  const watch = async () => {
    while (!stopping) {
      const [code, signal] = await exitOf(await current)
      if (stopping) return
      server.log.error({ code, signal }, 'PostgreSQL ended by itself; starting it again')
      current = startAtLast(server, ending.signal)
    }
  }
  const stopCurrent = async () => {
    const child = await current.catch(() => undefined)
    if (child?.pid && child.exitCode === null && child.signalCode === null) await stopPostmaster(child.pid)
  }
  await current
  watch().catch((error: unknown) => {
    if (!ending.signal.aborted) server.log.fatal({ err: error }, 'PostgreSQL is not looked after any more')
  })
  return () => {
    stopping ??= stopCurrent()
    ending.abort()
    return stopping
  }
}

/** Tries until it starts, ever less often; rejects when it is not wanted any more. */
async function startAtLast(server: Server, signal: AbortSignal): Promise<ChildProcess> {
  for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await startWithRetry(server)
    } catch (error) {
      if (pause === SHORTEST_PAUSE_MS) server.log.fatal({ err: error }, 'PostgreSQL cannot be started; trying on')
      await sleep(pause, undefined, { signal })
    }
  }
}

/** Right after a kill the old server's children may still hold its shared memory for a moment. */
async function startWithRetry(server: Server): Promise<ChildProcess> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(server)
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error
      server.log.warn({ err: error, attempt }, 'PostgreSQL did not start; trying again')
      await sleep(attempt * 300)
      await stopOrphan(server.dataFolder)
    }
  }
}

async function start(server: Server): Promise<ChildProcess> {
  const child = run(server, server.binaries.postgres, [
    '-D',
    server.dataFolder,
    ...settings(server).flatMap((setting) => ['-c', setting]),
  ])
  const output = collect(child)
  child.stderr?.on('data', (chunk: Buffer) => logLines(server.log, chunk.toString()))
  const exited = exitOf(child)
  const end = Date.now() + START_TIMEOUT_MS
  // The socket answers before the server does: only line 8 of postmaster.pid says that it is ready.
  while (Date.now() < end) {
    const file = await readPostmasterFile(server.dataFolder)
    if (file?.ready && file.pid === child.pid) return child
    const ended = await Promise.race([exited, sleep(10)])
    if (ended) throw new Error(`The embedded PostgreSQL ended while starting (${ended[0] ?? ended[1]}): ${output()}`)
  }
  if (child.pid) await stopPostmaster(child.pid)
  throw new Error(`The embedded PostgreSQL was not ready after ${START_TIMEOUT_MS / 1000} s: ${output()}`)
}

function settings({ socketFolder, port, durable }: Server): string[] {
  const always = [
    `port=${port}`,
    `unix_socket_directories=${socketFolder}`,
    'unix_socket_permissions=0700',
    'listen_addresses=',
  ]
  const size = ['max_connections=100', 'shared_buffers=128MB', 'max_wal_size=1GB']
  const text = ['timezone=UTC', 'log_timezone=UTC', 'log_line_prefix=', 'log_min_messages=log', 'log_checkpoints=off']
  const safety = durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
  return [...always, ...size, ...text, ...safety]
}

/** What PostgreSQL tells clients while we start or stop it. */
const OUR_OWN_DOING =
  /terminating connection due to administrator command|database system is (starting up|shutting down)/

function logLines(log: Log, text: string): void {
  for (const line of text.split('\n').filter(Boolean)) {
    if (line.startsWith('PANIC:')) log.error(line)
    else if (line.startsWith('FATAL:') && !OUR_OWN_DOING.test(line)) log.warn(line)
    else log.debug(line)
  }
}
