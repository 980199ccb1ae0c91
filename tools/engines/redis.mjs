import { rmSync } from 'node:fs'
import { findProgram, installPackage } from './debian.mjs'
import { freePort, startServer } from './server.mjs'

/** The server's program: the one on the PATH, or Debian's. */
export async function fetchRedis() {
  return findProgram('redis-server') ?? installPackage('redis-server', 'redis-server')
}

/** Starts an empty Redis on a free port of this machine that keeps nothing. Answers its address and how to stop it. */
export async function startRedis(program, folder) {
  const port = await freePort()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no']
  const server = await startServer({ name: 'Redis', command: program, args, port })
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
