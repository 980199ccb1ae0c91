import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { summarise, type Counts } from './test-counts.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('counts what passes', async () => {
  expect(await count({ 'a.test.ts': `test('one', () => {}); test('two', () => {})` })).toMatchObject({
    passed: 2,
    failed: 0,
    skipped: 0,
  })
})

test('counts a failing test, a file that cannot be loaded and an error that nobody caught, each as a failure', async () => {
  const counts = await count({
    'fails.test.ts': `test('fails', () => { throw new Error('wrong') }); test('passes', () => {})`,
    'broken.test.ts': `throw new Error('this file does not load')`,
    'stray.test.ts': `test('passes', () => { setTimeout(() => { throw new Error('stray') }); return new Promise((done) => setTimeout(done, 50)) })`,
  })
  expect(counts).toMatchObject({ passed: 2, failed: 3, skipped: 0 })
})

test('counts a hook that fails as a failure even though its tests did not run', async () => {
  const counts = await count({
    'hook.test.ts': `describe('store', () => { beforeAll(() => { throw new Error('away') }); test('works', () => {}) })`,
  })
  expect(counts.failed).toBeGreaterThan(0)
  expect(counts.passed).toBe(0)
})

test('says by name and reason what could not run', async () => {
  const counts = await count({
    'vectors.test.ts': `test('holds its contract on Qdrant', ({ skip }) => skip('QDRANT_TEST_URL is not set'))`,
  })
  expect(counts).toEqual({
    passed: 0,
    failed: 0,
    skipped: 1,
    notRun: ['vectors.test.ts: holds its contract on Qdrant: QDRANT_TEST_URL is not set'],
    flaky: [],
  })
})

test('names what passed when it was tried again', async () => {
  const counts = await count({
    'flaky.test.ts': `let tries = 0; test('holds', { retry: 1 }, () => { if (++tries === 1) throw new Error('not yet') })`,
  })
  expect(counts).toMatchObject({ passed: 1, failed: 0, flaky: ['flaky.test.ts: holds'] })
})

test('the last line names skipped tests only when there are some', () => {
  expect(summarise({ passed: 3, failed: 1, skipped: 0, notRun: [], flaky: [] })).toBe('3 passed, 1 failed')
  expect(summarise({ passed: 3, failed: 0, skipped: 2, notRun: [], flaky: [] })).toBe('3 passed, 0 failed, 2 skipped')
})

/** Runs vitest on the given files in a process of its own and answers what the counter made of it. */
async function count(files: Record<string, string>): Promise<Counts> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const script = `
    import { startVitest } from 'vitest/node'
    import { createCounter } from ${JSON.stringify(join(import.meta.dirname, 'test-counts.ts'))}
    const { counts, ...reporter } = createCounter()
    const vitest = await startVitest([], { root: ${JSON.stringify(folder)}, config: false, watch: false, globals: true, reporters: [reporter] })
    await vitest.close()
    console.log(JSON.stringify(counts))
    process.exit(0)`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
  })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Counts
}
