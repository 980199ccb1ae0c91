import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { root } from './checks.ts'

let folder: string
let script: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-test-'))
  script = join(folder, 'script.ts')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const SERVER = `
  process.on('SIGTERM', () => { console.log('asked to stop'); process.exit(7) })
  process.on('disconnect', () => { console.log('left alone'); process.exit(0) })
  setInterval(() => {}, 1000)
  console.log(\`started \${process.pid}\`)`

test('runs TypeScript with its arguments on Node 24 or newer, and ends as it ends', async () => {
  await writeFile(
    script,
    `const version: string = process.versions.node\nconsole.log(Number(version.split('.')[0]) >= 24, process.argv.slice(2))\nprocess.exit(5)`,
  )
  const { ended } = run(['one', 'two words'])
  expect(await ended).toEqual({ code: 5, output: "true [ 'one', 'two words' ]\n" })
})

test('passes a signal on and ends with the same code', async () => {
  await writeFile(script, SERVER)
  const { child, ended, started } = run()
  await started()
  child.kill('SIGTERM')
  expect(await ended).toEqual({ code: 7, output: expect.stringContaining('asked to stop') })
})

test('leaves no server behind when it is killed itself', async () => {
  await writeFile(script, SERVER)
  const { child, started, output } = run()
  await started()
  child.kill('SIGKILL')
  await expect.poll(output, { timeout: 10_000 }).toContain('left alone')
})

test('leaves no server behind when the npm above it is killed', async () => {
  await writeFile(script, SERVER)
  const shell = ['-c', 'node tools/run.mjs "$0" & wait', script]
  const npm = spawn('/bin/sh', shell, {
    cwd: root,
    env: { ...process.env, npm_lifecycle_event: 'start' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const output = collect(npm)
  await expect.poll(output, { timeout: 10_000 }).toContain('started')
  npm.kill('SIGKILL')
  await expect.poll(output, { timeout: 10_000 }).toContain('asked to stop')
})

function run(args: string[] = []) {
  const child = spawn(process.execPath, ['tools/run.mjs', script, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const output = collect(child)
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output: output() }))
  return { child, output, ended, started: () => expect.poll(output, { timeout: 10_000 }).toContain('started') }
}

function collect(child: ChildProcess): () => string {
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  return () => text
}
