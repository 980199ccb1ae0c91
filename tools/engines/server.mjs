import { spawn } from 'node:child_process'
import { createServer, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Obstacle } from '../child.mjs'

const patienceMs = 120_000

/** A port of this machine that nobody listens on. */
export function freePort() {
  return new Promise((found, fail) => {
    const probe = createServer().on('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => found(port))
    })
  })
}

/** Starts a server and waits until it listens on its port. `stop` asks it to end and waits; one that ignores that is killed. */
export async function startServer({ name, command, args, port, env = process.env }) {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-5_000)))
  const ended = new Promise((done) => child.on('error', (error) => done(error.message)).on('close', done))
  let running = true
  void ended.then(() => (running = false))
  const stop = async () => {
    if (running) child.kill('SIGTERM')
    const killer = setTimeout(() => child.kill('SIGKILL'), patienceMs / 4)
    await ended
    clearTimeout(killer)
  }
  for (const deadline = Date.now() + patienceMs; !(await listens(port)); await sleep(100)) {
    if (running && Date.now() < deadline) continue
    await stop()
    throw new Obstacle(`${name} does not start (${await ended}):\n${said}`)
  }
  return { pid: child.pid, stop }
}

function listens(port) {
  return new Promise((answer) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => answer(true)).on('error', () => answer(false))
    socket.on('connect', () => socket.destroy())
  })
}
