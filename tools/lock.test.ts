import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withLock } from './lock.mjs'

let folder: string
let lock: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-test-'))
  lock = join(folder, 'deep/install.lock')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('two pieces of work under one lock never overlap', async () => {
  const log = join(folder, 'log')
  const work = async () => {
    await appendFile(log, 'in ')
    await sleep(50)
    await appendFile(log, 'out ')
  }
  await Promise.all([withLock(lock, work), withLock(lock, work), withLock(lock, work)])
  expect(await readFile(log, 'utf8')).toBe('in out in out in out ')
})

test('the lock is free again when the work fails', async () => {
  await expect(withLock(lock, () => Promise.reject(new Error('no network')))).rejects.toThrow('no network')
  expect(await withLock(lock, async () => 'done')).toBe('done')
})

test('a lock whose process has ended is taken over', async () => {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  await withLock(lock, async () => {})
  await writeFile(lock, String(child.pid))
  expect(await withLock(lock, async () => 'done')).toBe('done')
})
