import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '@passerelle/platform/log'
import { connectionOf, openEmbeddedPostgres, type EmbeddedConnection } from '@passerelle/platform/sql/embedded'
import { readSchemaState } from '@passerelle/platform/sql/schema-state'
import { findHolder, takeDataFolder } from './data-folder.ts'
import { postgresFolder } from './database.ts'
import type { Env } from './env.ts'
import { subgraphs } from './subgraphs.ts'

const NODE_MAJOR = 24
const NEEDED_GB = 2

/**
 * Tries what an installation stands on and prints a line for each: what works, and for what does not, why. Changes nothing. Answers whether
 * everything works.
 */
export async function diagnose(env: Env, log: Log): Promise<boolean> {
  const findings: [name: string, look: () => Promise<string>][] = [
    [
      'Node',
      async () =>
        requireThat(
          Number(process.versions.node.split('.')[0]) >= NODE_MAJOR,
          process.versions.node,
          `${process.versions.node} is older than ${NODE_MAJOR}`,
        ),
    ],
    ['Data folder', async () => describeFolder(env)],
    ['Disk', () => describeDisk(env)],
    ['Database', () => describeDatabase(env, log)],
    ['Ollama', () => describeOllama(env)],
  ]
  let healthy = true
  for (const [name, look] of findings) {
    const line = await look().then(
      (good) => `✓ ${name}: ${good}`,
      (error: Error) => `✗ ${name}: ${error.message}`,
    )
    console.log(line)
    healthy &&= line.startsWith('✓')
  }
  return healthy
}

function requireThat(holds: boolean, good: string, bad: string): string {
  if (!holds) throw new Error(bad)
  return good
}

function describeFolder({ dataFolder }: Env): string {
  if (!existsSync(dataFolder)) return `${dataFolder} does not exist yet; the first start makes it`
  const holder = findHolder(dataFolder)
  return holder
    ? `${dataFolder}, in use by process ${holder.pid}${holder.url ? ` at ${holder.url}` : ''}`
    : `${dataFolder}, not in use`
}

async function describeDisk({ dataFolder }: Env): Promise<string> {
  const { bavail, bsize } = await statfs(existsSync(dataFolder) ? dataFolder : '.')
  const free = (bavail * bsize) / 1024 ** 3
  return requireThat(
    free >= NEEDED_GB,
    `${free.toFixed(1)} GB free`,
    `only ${free.toFixed(1)} GB free, and ${NEEDED_GB} GB should be`,
  )
}

async function describeDatabase(env: Env, log: Log): Promise<string> {
  const folder = postgresFolder(env)
  if (!existsSync(join(folder, 'data'))) return 'not made yet; the first start makes it'
  if (findHolder(env.dataFolder)) return describeSchema(await connectionOf(folder))
  const taken = await takeDataFolder(env.dataFolder)
  const server = await openEmbeddedPostgres({ folder, log })
  try {
    return await describeSchema(server.owner)
  } finally {
    await server.stop()
    taken.release()
  }
}

async function describeSchema(owner: EmbeddedConnection): Promise<string> {
  const { applied, missing, unknown } = await readSchemaState(
    owner,
    subgraphs.map(({ migrations }) => migrations),
  )
  if (unknown.length > 0) throw new Error(`made by a newer version: this one does not know ${unknown.join(', ')}`)
  return requireThat(
    missing.length === 0,
    `PostgreSQL answers, ${applied} migrations applied`,
    `waits for ${missing.join(', ')}: run passerelle migrate`,
  )
}

async function describeOllama({ ollama }: Env): Promise<string> {
  if (!ollama) return 'not set (OLLAMA_URL); answers quote documents instead of being written'
  const answer = await fetch(new URL('api/version', `${ollama.url.replace(/\/$/, '')}/`), {
    signal: AbortSignal.timeout(5_000),
  }).catch(() => undefined)
  return requireThat(answer?.ok === true, `answers at ${ollama.url}`, `does not answer at ${ollama.url}`)
}
