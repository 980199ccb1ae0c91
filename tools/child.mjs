import { spawn } from 'node:child_process'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Something a person has to clear away; its message says what and how. */
export class Obstacle extends Error {
  name = 'Obstacle'
}

/**
 * Runs a program that prepares the folder, to its end and to that of everything it started: what is asked to stop meanwhile passes that on and
 * waits, because two preparations at once would spoil each other. Answers its exit code and the last of what it said.
 */
export async function prepare({ command, args, onText = () => {}, ...options }) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-20_000)
      onText(output)
    })
  }
  let stopped = false
  const stop = (signal) => {
    stopped = true
    child.kill(signal)
  }
  for (const signal of SIGNALS) process.on(signal, stop)
  try {
    const code = await new Promise((done, fail) => child.on('error', fail).on('close', done))
    if (stopped) throw new Obstacle('Stopped while preparing; the next start goes on from here.')
    return { code, output }
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop)
  }
}
