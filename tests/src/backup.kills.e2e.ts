import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fileIn, killEach, rowsOf } from './backup/kills.ts'
import { letter } from './backup/looks.ts'
import { createApiClient, listDocuments, settled, signUp, type ApiClient } from './client.ts'
import { askDatabase, listBlobs } from './inside.ts'
import { preparePasserelle, surprises, type Passerelle } from './passerelle.ts'

let folder: string
let house: Passerelle
let person: ApiClient
/** What was there, in names of documents and in files, on Monday. */
let then: { titles: string[]; blobs: string[] }
const backupOf = (day: string) => join(folder, day)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-backup-kills-'))
  house = await preparePasserelle({ PASSERELLE_DEMO: 'off' })
  await house.start()
  person = await signUp(house.url)
})
afterAll(async () => {
  await house.remove()
  await rm(folder, { recursive: true, force: true })
})

const here = () => createApiClient(house.url, person.token)
const titles = async () => (await listDocuments(here())).map(({ title }) => title).sort()

async function send(...numbers: number[]): Promise<string[]> {
  const ids: string[] = []
  for (const number of numbers) ids.push(await here().upload(`lettre-${number}.txt`, letter(number)))
  await settled(here())
  return ids
}

/** Rows enough for filling them in to take a while. */
async function fillTables(): Promise<void> {
  await askDatabase(
    house,
    `insert into tenancy.notification (id, organization_id, user_id, kind, subject_id, topic, params, fact_position, shown)
     select 'ntf_' || number, organization.id, 'usr_' || number, 'kind', 'sub_1', 'topic', '{}', 1, false
     from generate_series(1, 50000) as number, tenancy.organization`,
  )
}

test('a backup that is killed is none, whenever that is, and the verb makes a whole one in its place', async () => {
  const [gone = ''] = await send(1, 2, 3)
  await fillTables()
  const monday = backupOf('monday')
  const unfinished = `${monday}.unfinished`
  const cutShort = await killEach(house, ['backup', monday], {
    moments: {
      rows: fileIn(unfinished, /^tables\/./),
      files: fileIn(unfinished, /^blobs\/org_/),
      manifest: fileIn(unfinished, /^manifest/),
    },
    look: async () => expect(await readdir(folder)).toEqual(['monday.unfinished']),
  })
  expect(cutShort).toContain('rows')
  expect(await house.verb(['restore', monday, '--replace'])).toEqual({
    code: 1,
    output: expect.stringContaining('There is no whole backup in'),
  })
  expect((await house.verb(['backup', monday])).code).toBe(0)
  expect((await readdir(folder)).sort()).toEqual(['monday'])
  then = { titles: await titles(), blobs: await listBlobs(house) }
  await here().ask('mutation ($id: ID!) { deleteDocument(id: $id) { __typename } }', { id: gone })
  await send(4)
  await expect.poll(() => listBlobs(house)).toHaveLength(3)
  await house.stop()
  // Now the verb's own server of the database dies with it.
  await killEach(house, ['backup', backupOf('tuesday')], {
    moments: { files: fileIn(`${backupOf('tuesday')}.unfinished`, /^blobs\/org_/) },
    look: async () => {},
  })
  expect((await house.verb(['backup', backupOf('tuesday')])).code).toBe(0)
})

test('a restore that is killed is told of by every verb until it is run again, also with another backup, and leaves no file of before', async () => {
  await house.start()
  await send(5)
  await here().ask('mutation { exportOrganization { __typename } }')
  await expect
    .poll(() => here().ask('{ privacyRequests(first: 1) { nodes { state } } }'), { timeout: 120_000 })
    .toEqual({ privacyRequests: { nodes: [{ state: 'DONE' }] } })
  expect(await listBlobs(house)).toHaveLength(5)
  await house.stop()
  const tuesday = ['restore', backupOf('tuesday'), '--replace']
  const cutShort = await killEach(house, tuesday, {
    moments: {
      files: fileIn(house.data, /^restore-former\/.*[0-9a-f]{64}/),
      emptied: rowsOf(house, `select where to_regclass('documents.document') is null`),
      loading: rowsOf(house, `select from pg_stat_activity where query ilike 'copy%' and state = 'active'`),
      loaded: rowsOf(house, 'select from documents.document'),
      noted: rowsOf(house, `select from platform.audit_entry where action = 'installation.restored'`),
    },
    look: async () => expect(await readdir(house.data)).toContain('restore-unfinished'),
  })
  expect(cutShort).toContain('files')
  expect((await house.killVerb(tuesday, fileIn(house.data, /^restore-unfinished/))).code).toBeNull()
  const told = { code: 1, output: expect.stringContaining('A restore was cut short here: run it again') }
  expect(await house.startInVain()).toEqual(told)
  for (const verb of [['backup', backupOf('wednesday')], ['doctor'], ['migrate']])
    expect(await house.verb(verb)).toEqual(told)
  const { code, output } = await house.verb(['restore', backupOf('monday'), '--replace'])
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('The installation is as it was at ') })
  expect((await readdir(house.data)).filter((name) => /^restore|^former|\.new$/.test(name))).toEqual([])
  await house.start()
  expect([await titles(), (await listBlobs(house)).sort()]).toEqual([then.titles, then.blobs.sort()])
  expect(await house.verb(['audit', 'verify'])).toEqual({
    code: 0,
    output: expect.stringContaining('Every entry is what was written.'),
  })
  const restored = `select organization_id from platform.audit_entry where action = 'installation.restored'`
  const noted = await askDatabase<{ organization_id: string }>(house, restored)
  expect(new Set(noted.map(({ organization_id: id }) => id)).size).toBe(noted.length)
  expect(noted.length).toBeGreaterThan(1)
  expect((await house.verb(['doctor'])).output).not.toContain('✗')
  expect(await stat(backupOf('wednesday')).catch(() => null)).toBeNull()
  expect(surprises(house)).toEqual([])
})

test('a newer backup that is put back after an older one leaves an audit log that is whole', async () => {
  await send(6)
  await house.stop()
  expect((await house.verb(['restore', backupOf('tuesday'), '--replace'])).code).toBe(0)
  const { code, output } = await house.verb(['audit', 'verify'])
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('Every entry is what was written.') })
})
