import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTokenKeys } from '@passerelle/platform/identity'
import { createLog } from '@passerelle/platform/log'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readEnv, type Env } from '../env/env.ts'
import { followTokenKeys } from './follow.ts'
import { changeKeys } from './keys.ts'
import { openSecrets } from './secrets.ts'
import { createClosers } from '../shutdown.ts'

const log = createLog({ name: 'test', level: 'silent' })
const viewer = createTestViewer()
let folder: string
let env: Env

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-test-'))
  const read = readEnv({ PASSERELLE_DATA: folder })
  if ('faults' in read) throw new Error(read.faults.join())
  env = read.env
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  await rm(folder, { recursive: true, force: true })
})

/** The lines that a verb of the operator prints. */
async function told(what: string): Promise<string[]> {
  const print = vi.spyOn(console, 'log').mockImplementation(() => {})
  await changeKeys(env, log, what)
  const lines = print.mock.calls.map(([line]) => String(line))
  print.mockRestore()
  return lines
}

const openKeys = async () => {
  const secrets = await openSecrets(folder)
  return openTokenKeys({ ...secrets, signingKeys: () => secrets.signingKeys })
}

test('a rotated key signs after ten minutes, and no token that was given before is refused', async () => {
  const before = await (await openKeys()).signAccessToken(viewer, 900)
  expect(await told('list')).toEqual([expect.stringMatching(/^\S{43} {2}signs$/)])
  const lines = await told('rotate')
  expect(lines).toEqual([expect.stringContaining('signs from '), expect.stringMatching(/ signs$/)])
  const rotated = await openKeys()
  expect(await rotated.verifyAccessToken(before)).not.toBeNull()
  const kidOf = async () => {
    const token = await rotated.signAccessToken(viewer, 900)
    return (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid
  }
  expect(lines[1]).toContain(await kidOf())
  vi.useFakeTimers({ now: Date.now() + 11 * 60_000, toFake: ['Date'] })
  expect(lines[0]).toContain(await kidOf())
  expect(await rotated.verifyAccessToken(before)).not.toBeNull()
})

test('a key that signs nothing any more is gone after the next rotation, and the other secrets stay as they were', async () => {
  const { tokenKey, fileKey, demoPassword } = await openSecrets(folder)
  await told('rotate')
  vi.useFakeTimers({ now: Date.now() + 60 * 60_000, toFake: ['Date'] })
  expect(await told('rotate')).toHaveLength(2)
  expect(await openSecrets(folder)).toMatchObject({ tokenKey, fileKey, demoPassword })
})

test('a replaced key leaves none beside it, and tokens of the others end', async () => {
  const before = await (await openKeys()).signAccessToken(viewer, 900)
  await told('rotate')
  expect(await told('replace')).toEqual([expect.stringMatching(/ signs$/)])
  expect(await (await openKeys()).verifyAccessToken(before)).toBeNull()
})

test('a process that runs hears of rotated keys by itself', async () => {
  const secrets = await openSecrets(folder)
  const closers = createClosers(log)
  const keys = followTokenKeys({ env, secrets, log, closers })
  try {
    expect(keys.publicKeys().keys).toHaveLength(1)
    await told('rotate')
    await vi.waitFor(() => expect(keys.publicKeys().keys).toHaveLength(2), { timeout: 60_000, interval: 250 })
  } finally {
    await closers.closeAll()
  }
})

test('a word that is nothing to do with keys changes nothing, and neither does an installation without secrets', async () => {
  await expect(changeKeys(env, log, 'list')).rejects.toThrow('has no secrets yet')
  await openSecrets(folder)
  const file = join(folder, 'secrets.json')
  const text = await readFile(file, 'utf8')
  await expect(changeKeys(env, log, 'burn')).rejects.toThrow('list, rotate or replace')
  expect(await readFile(file, 'utf8')).toBe(text)
})
