import { appendFile, cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openOllamaServer, type OllamaServer } from '@passerelle/platform/models/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, fill, letter, look, papers, register, sample } from './backup/looks.ts'
import { createApiClient, listDocuments, logIn, settled, signUp, type ApiClient } from './client.ts'
import { askDatabase, listBlobs } from './inside.ts'
import { preparePasserelle, type Passerelle } from './passerelle.ts'

const email = `ada.${process.pid}@exemple.fr`
const password = 'un long mot de passe'

let folder: string
let backup: string
let models: OllamaServer
let old: Passerelle
let house: Passerelle
let quiet: ApiClient
let busy: ApiClient
/** What was seen when the backup was made. */
let before: Record<string, unknown>
let asked: unknown
/** Documents of the busy organisation that were taken before the backup began. */
let taken: string[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-backup-'))
  backup = join(folder, 'monday')
  models = await openOllamaServer()
  models.answer = () => 'Le transporteur est Fret Atlantique [1].'
  old = await preparePasserelle({ PASSERELLE_DEMO: 'off', OLLAMA_URL: models.url })
  house = await preparePasserelle({ PASSERELLE_DEMO: 'off', OLLAMA_URL: models.url })
  await old.start()
  quiet = await fill(await register(old.url, email, password))
  busy = await signUp(old.url, 'Fret Nord')
})
afterAll(async () => {
  await old.remove()
  await house.remove()
  await models.close()
  await rm(folder, { recursive: true, force: true })
})

test('an installation is saved while it serves and files come in', async () => {
  asked = await ask(quiet)
  before = await look(quiet)
  taken = [await busy.upload('premier.txt', letter(100)), await busy.upload('second.txt', letter(101))]
  let uploading = true
  const uploads = (async () => {
    for (let number = 200; uploading; number++) await busy.upload(`lettre-${number}.txt`, letter(number))
  })()
  const { code, output } = await old.verb(['backup', backup])
  uploading = false
  await uploads
  expect({ code, output }).toEqual({
    code: 0,
    output: expect.stringContaining(`${backup} is as the installation was at `),
  })
  expect((await stat(join(backup, 'secrets.json'))).mode & 0o777).toBe(0o600)
  expect((await stat(backup)).mode & 0o077).toBe(0)
  expect(await look(quiet)).toEqual(before)
})

test('a backup is not written over another one, and the doctor knows of the last', async () => {
  expect(await old.verb(['backup', backup])).toEqual({
    code: 1,
    output: `${backup} is not empty: name a folder that is not there yet.\n`,
  })
  expect((await old.verb(['doctor'])).output).toContain(`✓ Backup: ${backup} is of `)
})

test('an installation that runs, or has data, is not restored over unless that is asked for', async () => {
  const { output: running } = await old.verb(['restore', backup, '--replace'])
  expect(running).toContain(`Passerelle already runs on ${old.data}`)
  await old.stop()
  expect(await old.verb(['restore', backup])).toEqual({
    code: 1,
    output: expect.stringContaining('This installation has data: add --replace to lose it'),
  })
  await old.start()
  expect(await look(createApiClient(old.url, quiet.token))).toEqual(before)
})

test('a backup that is incomplete, damaged or of a newer version is refused before anything is touched', async () => {
  const spoiled: [what: string, spoil: (copy: string) => Promise<void>][] = [
    ['There is no whole backup in', (copy) => rm(join(copy, 'manifest.json'))],
    ['is damaged: manifest.json', (copy) => writeFile(join(copy, 'manifest.json'), '{"format": 1')],
    [
      'is damaged: tables/documents.page.copy.gz',
      (copy) => appendFile(join(copy, 'tables/documents.page.copy.gz'), 'x'),
    ],
    ['is damaged: tables/tenancy.person.copy.gz', (copy) => rm(join(copy, 'tables/tenancy.person.copy.gz'))],
    ['is damaged: the file', (copy) => rm(join(copy, 'blobs'), { recursive: true })],
    ['is of a newer version', (copy) => rewrite(copy, (text) => text.replace('"format": 1', '"format": 2'))],
    [
      'is of a newer version, which has ai/9999_later.sql',
      (copy) => rewrite(copy, (text) => text.replace('ai/0001_ai.sql', 'ai/9999_later.sql')),
    ],
  ]
  for (const [what, spoil] of spoiled) {
    const copy = await mkdtemp(join(folder, 'spoiled-'))
    await cp(backup, copy, { recursive: true })
    await spoil(copy)
    const { code, output } = await house.verb(['restore', copy])
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(what) })
    expect(await stat(house.data).catch(() => null)).toBeNull()
  }
})

async function rewrite(copy: string, change: (text: string) => string): Promise<void> {
  const file = join(copy, 'manifest.json')
  await writeFile(file, change(await readFile(file, 'utf8')))
}

test('a new installation gives the same answers, citations, search results and graph, and knows who was logged in', async () => {
  await cp(join(old.data, 'master.key'), join(folder, 'master.key'))
  await old.remove()
  const { code, output } = await house.verb(['restore', backup])
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('The installation is as it was at ') })
  // What is sealed opens with the master key alone, and no backup has that.
  expect(await house.startInVain()).toEqual({
    code: 1,
    output: expect.stringContaining(`${join(house.data, 'master.key')} is not there, or not the one that protects`),
  })
  await cp(join(folder, 'master.key'), join(house.data, 'master.key'))
  await house.start({ LOG_LEVEL: 'info' })
  const again = createApiClient(house.url, quiet.token)
  await expect.poll(() => look(again), { timeout: 120_000 }).toEqual(before)
  await embedded()
  expect(await look(again)).toEqual(before)
  expect(await ask(again)).toEqual(asked)
  expect(await logIn(house.url, email, password)).not.toBeNull()
  expect(await logIn(house.url, email, 'un autre mot de passe')).toBeNull()
})

test('its files can be downloaded as they were', async () => {
  const client = createApiClient(house.url, quiet.token)
  const { documents } = await client.ask<{ documents: { nodes: { filename: string; fileUrl: string }[] } }>(
    '{ documents(first: 50) { nodes { filename fileUrl } } }',
  )
  for (const name of papers) {
    const url = documents.nodes.find(({ filename }) => filename === name)?.fileUrl ?? ''
    const bytes = Buffer.from(await (await fetch(new URL(url, house.url))).arrayBuffer())
    expect(bytes.equals(await sample(name)), name).toBe(true)
  }
})

test('what was being read when it was saved is read to its end, with nothing lost of what had been taken', async () => {
  const client = createApiClient(house.url, busy.token)
  // One at most had been announced without its bytes: they go on coming one after the other.
  const unread = async () =>
    (await listDocuments(client))
      .map(({ status }) => status.stage)
      .filter((stage) => stage !== 'READY')
      .join()
  await expect.poll(unread, { timeout: 120_000 }).toMatch(/^(WAITING)?$/)
  const read = (await listDocuments(client)).filter(({ status }) => status.stage === 'READY')
  expect(read.map(({ id }) => id)).toEqual(expect.arrayContaining(taken))
})

test('the graph and the search index are made again while it serves', async () => {
  const client = createApiClient(house.url, quiet.token)
  const whole = await look(client)
  await askDatabase(house, 'delete from platform.vector_posting')
  expect(await look(client)).not.toEqual(whole)
  expect((await house.verb(['rebuild', 'vectors'])).output).toContain(
    'Asked for the vectors of 2 organisations to be made again',
  )
  expect((await house.verb(['rebuild', 'graph'])).output).toContain(
    'Asked for the graph of 2 organisations to be made again',
  )
  await expect.poll(() => house.output.split('the graph was made again').length - 1, { timeout: 120_000 }).toBe(2)
  await expect.poll(() => look(client), { timeout: 120_000 }).toEqual(whole)
  expect(await house.verb(['rebuild', 'roof'])).toEqual({
    code: 1,
    output: '“roof” cannot be made again: say graph or vectors.\n',
  })
})

test('what came after the backup goes when it is put in the place of what is there, files too', async () => {
  const saved = await listBlobs(house)
  const client = createApiClient(house.url, quiet.token)
  await client.upload('tard.txt', letter(999))
  await settled(client)
  expect((await listBlobs(house)).length).toBe(saved.length + 1)
  await house.stop()
  expect((await house.verb(['restore', backup, '--replace'])).code).toBe(0)
  expect((await listBlobs(house)).sort()).toEqual(saved.sort())
  await house.start()
  await expect.poll(() => look(createApiClient(house.url, quiet.token)), { timeout: 120_000 }).toEqual(before)
})

test('a restore that was cut short is told of until it is run again', async () => {
  await house.stop()
  await writeFile(join(house.data, 'restore-unfinished'), '')
  expect(await house.startInVain()).toEqual({
    code: 1,
    output: 'A restore was cut short here: run it again, with --replace.\n',
  })
  expect((await house.verb(['restore', backup, '--replace'])).code).toBe(0)
  await house.start()
})

/** Waits until every document has its vectors again. */
async function embedded(): Promise<void> {
  const without = () =>
    askDatabase(house, 'select id from platform.vector_point where dense_model is null').then(({ length }) => length)
  await expect.poll(without, { timeout: 120_000 }).toBe(0)
}
