import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSecrets } from './secrets.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('makes keys of 32 bytes and a password, and gives the same ones at the next start', async () => {
  const first = await openSecrets(folder)
  expect([first.tokenKey.length, first.fileKey.length]).toEqual([32, 32])
  expect(first.tokenKey).not.toEqual(first.fileKey)
  expect(first.demoPassword).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/)
  expect(await openSecrets(folder)).toEqual(first)
})

test('two installations have nothing in common', async () => {
  const other = await mkdtemp(join(tmpdir(), 'passerelle-test-'))
  const [a, b] = [await openSecrets(folder), await openSecrets(other)]
  await rm(other, { recursive: true })
  expect(a.tokenKey).not.toEqual(b.tokenKey)
  expect(a.demoPassword).not.toBe(b.demoPassword)
})

test('only this account may read the file', async () => {
  await openSecrets(folder)
  expect((await stat(join(folder, 'secrets.json'))).mode & 0o777).toBe(0o600)
})

test('a password that is given takes the place of the kept one, stays, and leaves the keys alone', async () => {
  const first = await openSecrets(folder)
  const told = await openSecrets(folder, { demoPassword: 'une phrase à retenir' })
  expect(told).toEqual({ ...first, demoPassword: 'une phrase à retenir' })
  expect(await openSecrets(folder)).toEqual(told)
})

test('a damaged file is refused by name and left as it is', async () => {
  const file = join(folder, 'secrets.json')
  await writeFile(file, '{"tokenKey": "short"')
  await expect(openSecrets(folder)).rejects.toThrow(`${file} is damaged`)
  expect(await readFile(file, 'utf8')).toBe('{"tokenKey": "short"')
})
