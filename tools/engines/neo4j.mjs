import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { Obstacle, prepare } from '../child.mjs'
import { freePort, startServer } from './server.mjs'

const pom = join(import.meta.dirname, 'neo4j', 'pom.xml')
const version = /<version>([\d.]+)<\/version>/.exec(readFileSync(pom, 'utf8'))[1]

/** Fetches the server from Maven Central into the cache folder, once; needs Java 17 and Maven. Answers the folder of its libraries. */
export async function fetchNeo4j(cache) {
  const libraries = join(cache, `neo4j-${version}`)
  if (existsSync(libraries)) return libraries
  const unfinished = `${libraries}.${process.pid}`
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${unfinished}`]
  const { code, output } = await prepare({ command: 'mvn', args: ['--batch-mode', '--quiet', '--file', pom, ...goal] })
  if (code !== 0) throw new Obstacle(`Maven could not fetch Neo4j ${version}:\n${output}`)
  renameSync(unfinished, libraries)
  return libraries
}

/**
 * Starts an empty Neo4j in a folder of its own, on a free port of this machine, with a password of its own and at most 512 MiB of heap. Answers its
 * address, with user and password, and how to stop it.
 */
export async function startNeo4j(libraries, folder) {
  const port = await freePort()
  const password = randomBytes(12).toString('hex')
  mkdirSync(join(folder, 'conf'), { recursive: true })
  mkdirSync(join(folder, 'data', 'dbms'), { recursive: true })
  writeFileSync(join(folder, 'conf', 'neo4j.conf'), configuration(port))
  writeFileSync(join(folder, 'data', 'dbms', 'auth.ini'), initialPassword(password))
  const heap = ['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC']
  const opened = ['java.nio', 'java.io', 'sun.nio.ch'].map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`)
  const program = ['-cp', join(libraries, '*'), 'org.neo4j.server.CommunityEntryPoint']
  const server = await startServer({
    name: 'Neo4j',
    command: 'java',
    args: [...heap, ...opened, ...program, `--home-dir=${folder}`, `--config-dir=${join(folder, 'conf')}`],
    port,
  })
  return {
    url: `bolt://neo4j:${password}@127.0.0.1:${port}`,
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function configuration(port) {
  return [
    'server.default_listen_address=127.0.0.1',
    `server.bolt.listen_address=127.0.0.1:${port}`,
    `server.bolt.advertised_address=127.0.0.1:${port}`,
    'server.http.enabled=false',
    'server.https.enabled=false',
    'server.memory.pagecache.size=128m',
    'dbms.usage_report.enabled=false',
    '',
  ].join('\n')
}

/** The line that Neo4j's own administration tool leaves for the first start: a salted SHA-256, over and over. */
function initialPassword(password) {
  const rounds = 1024
  const salt = randomBytes(32)
  let hash = createHash('sha256').update(salt).update(password).digest()
  for (let round = 1; round < rounds; round++) hash = createHash('sha256').update(hash).digest()
  return `neo4j:SHA-256,${hash.toString('hex')},${salt.toString('hex')},${rounds}:\n`
}
