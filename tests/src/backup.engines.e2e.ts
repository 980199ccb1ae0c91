import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openOllamaServer, type OllamaServer } from '@passerelle/platform/models/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ask, fill, look, register } from './backup/looks.ts'
import { openSite, type Site } from './backup/site.ts'
import { createApiClient, type ApiClient } from './client.ts'
import { missingEngines } from './fleet.ts'

const missing = missingEngines(process.env)
const made = 'the search index was made again'

let folder: string
let backup: string
let models: OllamaServer
let old: Site
let site: Site
let client: ApiClient
let before: Record<string, unknown>
let asked: unknown

beforeAll(async () => {
  if (missing.length > 0) return
  folder = await mkdtemp(join(tmpdir(), 'passerelle-backup-'))
  backup = join(folder, 'monday')
  models = await openOllamaServer()
  models.answer = () => 'Le transporteur est Fret Atlantique [1].'
  old = await openSite('old', { OLLAMA_URL: models.url })
  site = await openSite('new', { OLLAMA_URL: models.url })
  await old.asOwner(['migrate'])
  await old.passerelle.start()
  client = await fill(await register(old.passerelle.url, `ada.${process.pid}@exemple.fr`, 'un long mot de passe'))
})
beforeEach(({ skip }) => skip(missing.length > 0, `${missing.join(', ')} not set`))
afterAll(async () => {
  await old?.close()
  await site?.close()
  await models?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

test('an installation on engines of its own is saved while it serves', async () => {
  asked = await ask(client)
  await expect.poll(() => degraded(client), { timeout: 60_000 }).toEqual([])
  before = await seen()
  const { code, output } = await old.asOwner(['backup', backup])
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('as the installation was at') })
  expect(await seen()).toEqual(before)
})

test('it is not restored over while a process works there; what a pooler keeps open is no process', async () => {
  expect(await old.asOwner(['restore', backup, '--replace'])).toEqual({
    code: 1,
    output: expect.stringMatching(/^Passerelle still runs on this database/),
  })
  await old.passerelle.stop()
  expect(await old.asOwner(['restore', backup])).toEqual({
    code: 1,
    output: expect.stringContaining('This installation has data: add --replace to lose it'),
  })
})

test('another database, bucket, graph and index give the same answers, citations, search results and graph', async () => {
  const files = await old.files()
  const { points } = await old.index()
  const { code, output } = await site.asOwner(['restore', backup])
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('The installation is as it was at ') })
  expect(await site.files()).toBe(files)
  // The index that was saved serves from the start on, and is then made again from the rows.
  expect((await site.index()).points).toBe(points)
  // What is sealed opens with the master key alone, and no backup has that.
  await cp(join(old.passerelle.data, 'master.key'), join(site.passerelle.data, 'master.key'))
  await site.passerelle.start({ LOG_LEVEL: 'info' })
  client = createApiClient(site.passerelle.url, client.token)
  await expect.poll(() => seen(), { timeout: 120_000 }).toEqual(before)
  await expect.poll(() => site.passerelle.output.includes(made), { timeout: 120_000 }).toBe(true)
  expect((await site.index()).points).toBe(points)
  expect(await ask(client)).toEqual(asked)
})

test('its search index is made again beside the one that serves, without what is gone, and answers all the while', async () => {
  const former = await site.index()
  await expect.poll(() => degraded(client), { timeout: 60_000 }).toEqual([])
  const whole = await seen()
  // As if the index had not heard that a document was deleted.
  await site.database.run(
    `delete from documents.document where id = (select id from documents.document where title like 'lettre-3%')`,
  )
  const { search } = await found()
  let rebuilding = true
  const wrong: unknown[] = []
  let answers = 0
  const searching = (async () => {
    for (; rebuilding; answers++) {
      const now = await found().catch((error: unknown) => error)
      if (JSON.stringify(now) !== JSON.stringify({ search })) wrong.push(now)
    }
  })()
  expect((await site.passerelle.verb(['rebuild', 'vectors'])).output).toContain(
    'Asked for the vectors of 1 organisation to be made again',
  )
  await expect.poll(() => site.passerelle.output.split(made).length, { timeout: 120_000 }).toBe(3)
  rebuilding = false
  await searching
  expect(wrong).toEqual([])
  expect(answers).toBeGreaterThan(0)
  const now = await site.index()
  expect(now.name).not.toBe(former.name)
  expect(now.points).toBeLessThan(former.points)
  expect(await seen()).not.toEqual(whole)
})

/** What the client sees; which of two passages comes first that match equally, the engine decides. */
async function seen(): Promise<Record<string, unknown>> {
  return { ...(await look(client)), byWords: await found() }
}

/** What is found, whatever its score: how rare a word is changes when what is gone goes. */
async function found(): Promise<{ search: string[] }> {
  const { search } = await client.ask<{ search: { nodes: { chunk: { id: string } }[] } }>(
    '{ search(query: "transporteur Kerguelen", first: 20) { nodes { chunk { id } } } }',
  )
  return { search: search.nodes.map(({ chunk }) => chunk.id).sort() }
}

async function degraded(of: ApiClient): Promise<string[]> {
  const { documents } = await of.ask<{ documents: { nodes: { status: { degraded: string[] } }[] } }>(
    '{ documents(first: 50) { nodes { status { degraded } } } }',
  )
  return documents.nodes.flatMap(({ status }) => status.degraded)
}
