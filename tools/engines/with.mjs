/**
 * `node tools/engines/with.mjs neo4j … -- COMMAND …`: fetches the named engines into `.cache/engines` when they are not there, starts each empty
 * on a free port of this machine, runs the command with their addresses in its environment, and stops them. An engine that cannot be had here is
 * said so, and the command runs without it. Ends with the command's exit code.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Obstacle } from '../child.mjs'
import { withLock } from '../lock.mjs'
import { fetchNeo4j, startNeo4j } from './neo4j.mjs'
import { fetchPostgres, startPostgres } from './postgres.mjs'
import { fetchQdrant, startQdrant } from './qdrant.mjs'
import { fetchRedis, startRedis } from './redis.mjs'

const cache = join(import.meta.dirname, '..', '..', '.cache', 'engines')

const engines = {
  postgres: { variable: 'SQL_TEST_URL', fetch: fetchPostgres, start: startPostgres },
  redis: { variable: 'REDIS_TEST_URL', fetch: fetchRedis, start: startRedis },
  neo4j: { variable: 'NEO4J_TEST_URL', fetch: fetchNeo4j, start: startNeo4j },
  qdrant: { variable: 'QDRANT_TEST_URL', fetch: fetchQdrant, start: startQdrant },
}

const split = process.argv.indexOf('--')
const names = process.argv.slice(2, split)
const [command, ...args] = process.argv.slice(split + 1)
if (split < 0 || !command || names.some((name) => !(name in engines))) {
  console.error(`Say which engines (${Object.keys(engines).join(', ')}), then --, then the command to run with them.`)
  process.exit(2)
}

const started = []
const env = { ...process.env }
for (const name of names) {
  const { variable, fetch, start } = engines[name]
  if (env[variable]) continue
  try {
    mkdirSync(cache, { recursive: true })
    const fetched = await withLock(join(cache, `${name}.lock`), () => fetch(cache))
    const server = await start(fetched, mkdtempSync(join(tmpdir(), `passerelle-${name}-`)))
    started.push(server)
    Object.assign(env, { [variable]: server.url }, server.variables)
  } catch (error) {
    if (!(error instanceof Obstacle || error.code === 'ENOENT')) throw error
    console.error(`${name} cannot be had here, its tests are not run: ${error.message}`)
  }
}

const child = spawn(command, args, { env, stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
const code = await new Promise((done) => {
  child.on('error', (error) => {
    console.error(`${command} cannot be run: ${error.message}`)
    done(127)
  })
  child.on('close', (exit) => done(exit ?? 1))
})
await Promise.all(started.map(({ stop }) => stop()))
process.exit(code)
