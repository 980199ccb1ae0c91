import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'

export const root = dirname(import.meta.dirname)

type Check = { name: string; args: string[]; folder?: string; remedy: string }

const CHECKS: Check[] = [
  {
    name: 'web types',
    args: ['node_modules/vue-tsc/bin/vue-tsc.js', '--noEmit'],
    folder: 'web',
    remedy: 'fix the types above',
  },
  { name: 'generated files', args: ['codegen.ts', '--check'], remedy: 'npm run codegen' },
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '-p', '.'], remedy: 'fix the types above' },
  {
    name: 'lint',
    args: ['node_modules/oxlint/bin/oxlint', '--quiet'],
    remedy: 'each line above says what to do instead',
  },
  {
    name: 'format',
    args: ['node_modules/oxfmt/bin/oxfmt', '--list-different'],
    remedy: 'format these files: npx oxfmt',
  },
  { name: 'dead code', args: ['node_modules/knip/bin/knip.js', '--no-progress'], remedy: 'remove it, or use it' },
]
const AT_ONCE = 2

/**
 * Runs everything that can be said about the sources without running them, two checks at a time, and prints each one's
 * outcome with its own words when it fails. Answers the names of those that failed.
 */
export async function runChecks(): Promise<string[]> {
  const waiting = [...CHECKS]
  const failed: string[] = []
  const work = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift())
      if (!(await passes(check))) failed.push(check.name)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return failed
}

async function passes({ name, args, folder = '.', remedy }: Check): Promise<boolean> {
  const start = performance.now()
  const { code, output } = await runNode(args, join(root, folder))
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  if (code === 0) console.log(`✓ ${name} (${seconds} s)`)
  else console.log(`✗ ${name} (${seconds} s)\n${output.trim()}\n  → ${remedy}\n`)
  return code === 0
}

function runNode(args: string[], cwd: string): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  return new Promise((done, fail) => child.on('error', fail).on('close', (code) => done({ code, output })))
}
