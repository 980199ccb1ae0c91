import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Obstacle, prepare } from '../child.mjs'
import { freePort, startServer } from './server.mjs'

const face = join(import.meta.dirname, 'qdrant-edge')
const requirements = join(face, 'requirements.txt')
const [, version] = /==(\S+)/.exec(readFileSync(requirements, 'utf8'))

/**
 * Installs Qdrant Edge, the engine of the server as a library, into an environment of the cache folder, once; needs Python 3. Answers its
 * interpreter. The server itself is in no registry.
 */
export async function fetchQdrant(cache) {
  const environment = join(cache, `qdrant-edge-${version}`)
  const done = join(environment, 'installed')
  const python = join(environment, 'bin', 'python')
  if (existsSync(done)) return python
  rmSync(environment, { recursive: true, force: true })
  const steps = [
    { command: 'python3', args: ['-m', 'venv', environment] },
    { command: python, args: ['-m', 'pip', 'install', '--quiet', '--requirement', requirements] },
  ]
  for (const step of steps) {
    const { code, output } = await prepare(step)
    if (code !== 0) throw new Obstacle(`Qdrant Edge ${version} could not be installed:\n${output}`)
  }
  writeFileSync(done, '')
  return python
}

/** Starts an empty Qdrant Edge behind its face, on a free port of this machine. Answers its address and how to stop it. */
export async function startQdrant(python, folder) {
  const port = await freePort()
  const server = await startServer({
    name: 'Qdrant Edge',
    command: python,
    args: [join(face, 'server.py'), String(port), folder],
    port,
  })
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
