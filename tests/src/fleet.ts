import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestS3, testCredentials } from '@passerelle/platform/blobs/testing'
import { createDatabase } from './database.ts'
import type { Settings } from './passerelle.ts'
import { environment, main, runToEnd } from './verbs.ts'

/** A whole Passerelle in many processes on engines that they share. */
export interface Fleet {
  /** The gateways' addresses. */
  gateways: string[]
  /** The processes by their name and number: `gateway 1`, `documents 2`, `worker 1`. */
  names: string[]
  /** Where a process listens. */
  portOf(name: string): number
  /** Ends a process in order and starts another on the same port, as an operator who brings a new version does. */
  replace(name: string): Promise<void>
  /** Kills a process at once and starts another. */
  kill(name: string): Promise<void>
  /** What all processes have logged, at the level of errors. */
  errors(): string[]
  close(): Promise<void>
}

const subgraphs = ['tenancy', 'documents', 'logistics', 'conciergerie', 'memory', 'ai']
const startMs = 120_000

/** The engines that only some machines have; what is missing, by name. */
export function missingEngines({ REDIS_TEST_URL, NEO4J_TEST_URL, QDRANT_TEST_URL }: NodeJS.ProcessEnv): string[] {
  const needed = { REDIS_TEST_URL, NEO4J_TEST_URL, QDRANT_TEST_URL }
  return Object.entries(needed).flatMap(([name, value]) => (value ? [] : name))
}

interface Running {
  name: string
  verb: string[]
  port: number
  child: ChildProcess
}

/** Starts gateways, `copies` of every subgraph, and workers, on a new database, bucket and set of secrets. */
export async function openFleet({
  gateways,
  copies,
  workers,
  more = {},
}: {
  gateways: number
  copies: number
  workers: number
  /** Settings of every process beside its engines. */
  more?: Settings
}): Promise<Fleet> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-fleet-'))
  const bucket = await startTestS3({ folder: join(folder, 's3'), bucket: 'passerelle' })
  const database = await createDatabase()
  const secrets = join(folder, 'secrets.json')
  await writeFile(secrets, await runToEnd(['secrets'], {}))
  const places = await placeSubgraphs(copies)
  const settings: Settings = {
    ...more,
    ...enginesOf(process.env),
    SQL_URL: database.url('passerelle_app'),
    BLOBS_URL: `s3://passerelle?endpoint=${bucket.endpoint}`,
    BLOBS_ACCESS_KEY_ID: testCredentials.accessKeyId,
    BLOBS_SECRET_ACCESS_KEY: testCredentials.secretAccessKey,
    PASSERELLE_SECRETS: secrets,
    PASSERELLE_DATA: join(folder, 'data'),
    ...Object.fromEntries(
      [...places].map(([name, ports]) => [
        `SUBGRAPH_${name.toUpperCase()}_URL`,
        ports.map((port) => `http://127.0.0.1:${port}`).join(','),
      ]),
    ),
  }
  await runToEnd(['migrate'], { ...settings, SQL_OWNER_URL: database.url() })

  const running: Running[] = []
  const logged: string[] = []
  const start = async (name: string, verb: string[], port: number): Promise<void> => {
    running.push({ name, verb, port, child: await startProcess(verb, { ...settings, PORT: String(port) }, logged) })
  }
  const doors: number[] = []
  for (let n = 0; n < gateways; n++) doors.push(await freePort())
  const wanted = [
    ...[...places].flatMap(([name, ports]) =>
      ports.map((port, n) => ({ name: `${name} ${n + 1}`, verb: ['subgraph', name], port })),
    ),
    ...doors.map((port, n) => ({ name: `gateway ${n + 1}`, verb: ['gateway'], port })),
  ]
  for (let n = 0; n < workers; n++) wanted.push({ name: `worker ${n + 1}`, verb: ['worker'], port: await freePort() })
  // A few at a time: so many that load their code at once keep each other from ever being ready.
  const queue = wanted.values()
  const startNext = async (): Promise<void> => {
    for (const { name, verb, port } of queue) await start(name, verb, port)
  }
  const close = async (): Promise<void> => {
    await Promise.all(running.map(({ child }) => end(child, 'SIGTERM')))
    await database.drop()
    await bucket.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  const begun = await Promise.allSettled([startNext(), startNext(), startNext()])
  for (const outcome of begun) {
    if (outcome.status === 'fulfilled') continue
    await close()
    throw outcome.reason
  }

  async function again(name: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const one = running.find((process) => process.name === name)
    if (!one) throw new Error(`There is no ${name}.`)
    await end(one.child, signal)
    one.child = await startProcess(one.verb, { ...settings, PORT: String(one.port) }, logged)
  }

  return {
    gateways: doors.map((port) => `http://127.0.0.1:${port}`),
    names: running.map(({ name }) => name),
    portOf: (name) => running.find((process) => process.name === name)?.port ?? 0,
    replace: (name) => again(name, 'SIGTERM'),
    kill: (name) => again(name, 'SIGKILL'),
    errors: () => logged.filter((line) => line.startsWith('{')),
    close,
  }
}

function enginesOf({ REDIS_TEST_URL = '', NEO4J_TEST_URL = '', QDRANT_TEST_URL = '' }: NodeJS.ProcessEnv): Settings {
  return { COORDINATION_URL: REDIS_TEST_URL, GRAPH_URL: NEO4J_TEST_URL, VECTORS_URL: QDRANT_TEST_URL }
}

async function placeSubgraphs(copies: number): Promise<Map<string, number[]>> {
  const places = new Map<string, number[]>()
  for (const name of subgraphs) {
    const ports: number[] = []
    for (let n = 0; n < copies; n++) ports.push(await freePort())
    places.set(name, ports)
  }
  return places
}

function startProcess(verb: string[], settings: Settings, logged: string[]): Promise<ChildProcess> {
  // The channel ends the process when this one ends, however that comes.
  const child = spawn(process.execPath, [main, ...verb], {
    env: environment(settings),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`passerelle ${verb.join(' ')} is not ready in time:\n${output}`))
    }, startMs)
    const read = (text: string): void => {
      output += text
      logged.push(...text.split('\n'))
      if (!/^ready /m.test(output)) return
      clearTimeout(late)
      resolve(child)
    }
    child.stdout?.setEncoding('utf8').on('data', read)
    child.stderr?.setEncoding('utf8').on('data', read)
    child.once('exit', (code) => reject(new Error(`passerelle ${verb.join(' ')} ended with ${code}:\n${output}`)))
  })
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await ended
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
