import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

export interface RedisServer {
  url: string
  port: number
  pid: number
  /** SIGKILL, and nothing of it is kept. */
  kill(): Promise<void>
  /** A new, empty server on the same port. */
  restart(): Promise<void>
  /** Sends a signal such as SIGSTOP. */
  signal(name: NodeJS.Signals): void
  stop(): Promise<void>
}

export interface RedisCluster {
  url: string
  nodes: RedisServer[]
  stop(): Promise<void>
}

/** The first of the programs that is on the PATH, Redis or Valkey; null when there is none. */
export function findProgram(names = ['redis-server', 'valkey-server']): string | null {
  return names.find((name) => spawnSync(name, ['--version']).status === 0) ?? null
}

export const NO_SERVER = 'there is no redis-server on the PATH'

/** Starts a Redis that keeps nothing, on a free port of this machine. */
export async function startRedis(program: string, options: readonly string[] = []): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-redis-'))
  const port = await freePort()
  const launch = async (): Promise<ChildProcess> => {
    const fixed = ['--bind', '127.0.0.1', '--port', `${port}`, '--dir', folder, '--save', '', '--appendonly', 'no']
    const child = spawn(program, [...fixed, '--maxmemory', '100mb', ...options], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    await ready(child)
    return child
  }
  let child = await launch()
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return child.pid ?? 0
    },
    kill,
    async restart() {
      await kill()
      child = await launch()
    },
    signal: (name) => void child.kill(name),
    async stop() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Starts three masters and joins them. `cli` is redis-cli or valkey-cli. */
export async function startRedisCluster(program: string, cli: string): Promise<RedisCluster> {
  const options = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000']
  const nodes = await Promise.all([1, 2, 3].map(() => startRedis(program, options)))
  const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`)
  await promisify(execFile)(cli, ['--cluster', 'create', ...hosts, '--cluster-yes'])
  return {
    url: `redis-cluster://${hosts.join(',')}`,
    nodes,
    stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))),
  }
}

async function ready(child: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let said = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (said.includes('eady to accept connections')) resolve()
  })
  child.once('error', reject)
  child.once('exit', () => reject(new Error(`The server ended at once: ${said.slice(-1000)}`)))
  await promise
}

/** A port that is free, as is that of the cluster's bus, 10,000 above it. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    if ((await isFree(port)) && (await isFree(port + 10_000))) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const { promise, resolve } = Promise.withResolvers<boolean>()
  server.once('error', () => resolve(false))
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  return promise
}
