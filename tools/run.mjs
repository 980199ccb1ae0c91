/**
 * Runs a TypeScript file of this repository on any machine that has Node 20 or newer and npm:
 * `node tools/run.mjs cli/src/main.ts …`. Installs what is missing, finds a Node that runs TypeScript, builds the web application
 * when it is about to be served, and then stays only to pass signals on.
 *
 * Plain JavaScript, because it runs before anything is installed and on the system's Node.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { startVite } from './dev.mjs'
import { findNode, install } from './install.mjs'
import { buildWeb } from './web.mjs'

const root = dirname(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname))
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']
const PARENT_CHECK_MS = 500

try {
  await main(process.argv.slice(2))
} catch (error) {
  // What a person can act on is one sentence; anything else is a fault of ours and keeps its stack.
  if (error.name === 'Obstacle') console.error(error.message)
  else if (error.code === 'EACCES') console.error(`${error.path} belongs to another account: start as that account.`)
  else console.error(error)
  process.exitCode = 1
}

async function main([script, ...args]) {
  if (!script) throw new Error('Usage: node tools/run.mjs <file.ts> [arguments]')
  await install(root)
  const node = findNode(root)
  // What Node compiled once is there for the next start.
  const NODE_COMPILE_CACHE = process.env.NODE_COMPILE_CACHE ?? join(root, '.cache', 'compiled')
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}`, NODE_COMPILE_CACHE }
  const command = { node, args: [resolve(root, script), ...args], env }
  if (!serves(script, args)) await runToEnd(command)
  else if (args.includes('--dev')) await runWithVite(command)
  else {
    await buildWeb({ root, node, env })
    await runToEnd(command)
  }
}

/** These verbs of the command line serve the web application: from its build, or with `--dev` from its sources. */
function serves(script, args) {
  return join(script) === join('cli/src/main.ts') && [undefined, 'all', 'gateway', '--dev'].includes(args[0])
}

/** Everything starts again when a file of the server changes; Vite follows those of the web application by itself. */
async function runWithVite({ node, args, env }) {
  const vite = startVite({ root, node, env })
  await runToEnd({ node, args: ['--watch', '--watch-preserve-output', ...args], env })
  vite.kill()
}

function runToEnd({ node, args, env }) {
  const child = spawn(node, args, { cwd: root, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal))
  const watch = stopWithNpm(child)
  return new Promise((done, fail) => {
    child.on('error', fail)
    child.on('exit', (code, signal) => {
      clearInterval(watch)
      process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0)
      done()
    })
  })
}

/** npm cannot pass on its own SIGKILL: without npm above it, what it started would stay for ever. */
function stopWithNpm(child) {
  if (!process.env.npm_lifecycle_event) return undefined
  const parent = process.ppid
  return setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), PARENT_CHECK_MS)
}
