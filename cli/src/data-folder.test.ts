import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findHolder, takeDataFolder } from './data-folder.ts'

let folder: string
const children: ChildProcess[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-test-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

test('a second process on the same folder is told in one sentence who has it', async () => {
  const { pid } = await holdElsewhere()
  await expect(takeDataFolder(folder)).rejects.toThrow(
    `Passerelle already runs on ${folder} (process ${pid}, http://127.0.0.1:4123): stop it first, or choose another folder with PASSERELLE_DATA.`,
  )
})

test('the folder is free again when its process was killed', async () => {
  const child = await holdElsewhere()
  child.kill('SIGKILL')
  await once(child, 'exit')
  const taken = await takeDataFolder(folder)
  expect(taken.path).toBe(folder)
  taken.release()
})

test('a process that is stopping is waited for', async () => {
  const child = await holdElsewhere('stopping')
  const taking = takeDataFolder(folder)
  child.stdin?.end()
  const taken = await taking
  const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode]
  expect(code).toBe(0)
  taken.release()
})

test('knows who holds a folder, and that nobody does', async () => {
  expect(findHolder(folder)).toBeUndefined()
  const { pid } = await holdElsewhere()
  expect(findHolder(folder)).toEqual({ pid, state: 'running', url: 'http://127.0.0.1:4123' })
})

test('a folder that cannot be made is refused with its path', async () => {
  await writeFile(join(folder, 'file'), '')
  await expect(takeDataFolder(join(folder, 'file/data'))).rejects.toThrow(
    `The data folder ${folder}/file/data cannot be used`,
  )
})

/** Another process that takes the folder, and lets it go 300 ms after its input has ended. */
async function holdElsewhere(state = 'running'): Promise<ChildProcess> {
  const script = `
    import { takeDataFolder } from ${JSON.stringify(join(import.meta.dirname, 'data-folder.ts'))}
    const taken = await takeDataFolder(${JSON.stringify(folder)})
    taken.tell({ state: '${state}', url: 'http://127.0.0.1:4123' })
    process.stdin.resume().on('end', () => setTimeout(() => { taken.release(); process.exit(0) }, 300))
    console.log('taken')`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  await once(child.stdout, 'data')
  return child
}
