import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Sealing } from '../sealing/sealing.ts'
import { whileLocked } from './kept-file.ts'
import { mergeLedgers, openErasureLedger, type ErasureEntry } from './ledger.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-ledger-'))
  file = join(folder, 'erasures.jsonl')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const entryOf = (id: string): ErasureEntry => ({
  id,
  organizationId: 'org_a',
  kind: 'PERSON',
  subject: { userId: null, emails: [`${id}@exemple.fr`], phones: [], names: [], entityIds: [] },
  choice: 'DELETE_DOCUMENTS',
  at: new Date('2026-11-20T10:00:00Z'),
})

/** Wraps with a key by name; `asked` is told of each text and waited for, as a key server would be. */
function sealingWith(key: string, asked: (text: string) => Promise<void> = async () => {}): Sealing {
  const never = async (): Promise<never> => {
    throw new Error('The list asks for this of nobody.')
  }
  return {
    keysOf: never,
    signer: never,
    rotate: never,
    keys: never,
    rewrap: never,
    health: never,
    shred: never,
    async protect(text) {
      await asked(text)
      return `${key}:${Buffer.from(text).toString('base64')}`
    },
    reveal: async (closed) => Buffer.from(closed.split(':')[1] ?? '', 'base64').toString(),
  }
}

const idsOf = async (sealing: Sealing): Promise<string[]> =>
  (await openErasureLedger({ file, sealing }).list()).map(({ id }) => id)

test('what is added while every entry is wrapped anew is there afterwards, wrapped as the others are', async () => {
  const old = openErasureLedger({ file, sealing: sealingWith('old') })
  for (const id of ['ers_1', 'ers_2', 'ers_3']) await old.add(entryOf(id))
  const late = ['ers_4', 'ers_5', 'ers_6']
  // Each text that is wrapped brings another entry, from a process that knows of the old key alone.
  const anew = sealingWith('new', async () => {
    const next = late.shift()
    if (next) await old.add(entryOf(next))
  })
  const adding = Promise.all(['ers_7', 'ers_8'].map((id) => old.add(entryOf(id))))
  await openErasureLedger({ file, sealing: anew }).rewrap()
  await adding
  expect((await idsOf(anew)).toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((number) => `ers_${number}`))
  await openErasureLedger({ file, sealing: anew }).rewrap()
  expect(await readFile(file, 'utf8')).not.toContain('old:')
})

/** Adds as many entries as it is told to, in a process of its own. */
const adder = `
import { openErasureLedger } from ${JSON.stringify(new URL('ledger.ts', import.meta.url).href)}
const [file, name, count] = process.argv.slice(2)
const sealing = { protect: async (text) => 'old:' + Buffer.from(text).toString('base64') }
const ledger = openErasureLedger({ file, sealing })
process.send('ready')
for (let number = 0; number < Number(count); number++)
  await ledger.add({ ...${JSON.stringify(entryOf('ers_0'))}, id: name + number, at: new Date() })
process.disconnect()
`

/** Resolves when it begins. Its end, which may come before anybody asks for it, is told with its exit code. */
async function startAdder(name: string, count: number): Promise<{ exit: Promise<unknown[]> }> {
  const script = join(folder, `${name}.mjs`)
  await writeFile(script, adder)
  const child = fork(script, [file, name, String(count)], { execArgv: [] })
  const exit = once(child, 'exit')
  await once(child, 'message')
  return { exit }
}

test('processes that add while another wraps lose nothing, and an entry is kept once', async () => {
  const ledger = openErasureLedger({ file, sealing: sealingWith('new') })
  await ledger.add(entryOf('ers_first'))
  const children = await Promise.all([startAdder('one', 40), startAdder('two', 40)])
  const exits = Promise.all(children.map(({ exit }) => exit))
  let isOver = false
  void exits.finally(() => (isOver = true))
  while (!isOver) {
    await ledger.rewrap()
    await ledger.add(entryOf('ers_first'))
  }
  expect((await exits).map(([code]) => code)).toEqual([0, 0])
  const ids = await idsOf(sealingWith('new'))
  expect([ids.length, new Set(ids).size]).toEqual([81, 81])
}, 60_000)

test('a list that is put back is merged while entries are added, and no lock is left', async () => {
  const sealing = sealingWith('new')
  const kept = join(folder, 'kept.jsonl')
  await openErasureLedger({ file: kept, sealing }).add(entryOf('ers_old'))
  const ledger = openErasureLedger({ file, sealing })
  await Promise.all([mergeLedgers(kept, file), ledger.add(entryOf('ers_1')), ledger.add(entryOf('ers_2'))])
  expect((await idsOf(sealing)).toSorted()).toEqual(['ers_1', 'ers_2', 'ers_old'])
  await expect(readFile(`${file}.lock`)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('the lock of a process that was killed is taken away, and who lost one writes nothing', async () => {
  const { pid = 0 } = await gone()
  const place = await whileLocked(file, async () => JSON.parse(await readFile(`${file}.lock`, 'utf8')).place as string)
  expect(place).toContain(hostname())
  await writeFile(`${file}.lock`, JSON.stringify({ place, pid, id: 'a' }))
  expect(await whileLocked(file, async () => 'mine')).toBe('mine')
  const losing = whileLocked(file, async (held) => {
    await writeFile(`${file}.lock`, JSON.stringify({ place, pid: process.pid, id: 'b' }))
    await held()
  })
  await expect(losing).rejects.toThrow('is being changed by somebody else')
  expect(await readFile(`${file}.lock`, 'utf8')).toContain('"id":"b"')
})

/** A process that has ended. */
async function gone(): Promise<ChildProcess> {
  const script = join(folder, 'gone.mjs')
  await writeFile(script, '')
  const child = fork(script, [], { execArgv: [] })
  await once(child, 'exit')
  return child
}
