import { afterAll, beforeAll, expect, test } from 'vitest'
import { signUp, settled, type ApiClient } from './client.ts'
import { askDatabase } from './inside.ts'
import { preparePasserelle, surprises } from './passerelle.ts'

const house = await preparePasserelle({ PASSERELLE_DEMO: 'off' })
let client: ApiClient

beforeAll(async () => {
  await house.start()
  client = await signUp(house.url)
})

afterAll(() => house.remove())

/** A document, and the proposal to delete it. */
async function propose(): Promise<{ document: string; approval: string }> {
  const document = await client.upload('avis.txt', new TextEncoder().encode(`Avis de passage ${Date.now()}`))
  await settled(client)
  const { proposeAction } = await client.ask<{ proposeAction: { id: string } }>(
    `mutation ($payload: JSON!) { proposeAction(kind: "DOCUMENT_DELETION", payload: $payload) { ... on Approval { id } } }`,
    { payload: { documentId: document } },
  )
  return { document, approval: proposeAction.id }
}

test('what was approved when everything is killed is done after the next start, once, and the log says so', async () => {
  const { document, approval } = await propose()
  const { approveAction } = await client.ask<{ approveAction: { status: string } }>(
    `mutation ($id: ID!) { approveAction(id: $id) { ... on Approval { status } } }`,
    { id: approval },
  )
  expect(approveAction.status).toBe('APPROVED')
  await house.kill()
  await house.start()
  const status = () =>
    askDatabase<{ status: string }>(house, 'select status from platform.approval where id = $1', [approval])
  await expect.poll(status, { timeout: 120_000 }).toEqual([{ status: 'DONE' }])
  const entries = await askDatabase<{ action: string }>(
    house,
    'select action from platform.audit_entry where subject_id in ($1, $2) order by position',
    [approval, document],
  )
  expect(entries.map(({ action }) => action)).toEqual([
    'approval.proposed',
    'approval.approved',
    'document.deleted',
    'approval.done',
  ])
  expect(await askDatabase(house, 'select from documents.document where id = $1', [document])).toEqual([])
})

test('new keys that the operator makes for personal data are an entry in the log of whoever has such data', async () => {
  const rotated = () =>
    askDatabase<{ id: string; author: string }>(
      house,
      `select organization_id as id, author from platform.audit_entry where action = 'sealing_key.rotated' order by 1`,
    )
  expect(await rotated()).toEqual([])
  const holders = await askDatabase<{ id: string }>(
    house,
    `select distinct organization_id as id from platform.data_key where purpose = 'SEAL' order by 1`,
  )
  const told = await house.verb(['sealing', 'rotate'])
  expect(told).toMatchObject({
    code: 0,
    output: expect.stringContaining(`Made new keys for ${holders.length} holders.`),
  })
  expect(await rotated()).toEqual(holders.map(({ id }) => ({ id, author: 'SERVICE' })))
})

test('the operator is told what no longer keeps the log from being changed, though nothing has been', async () => {
  await askDatabase(house, 'alter table platform.audit_anchor disable trigger append_only')
  const told = await house.verb(['audit', 'verify'])
  const doctor = await house.verb(['doctor'])
  await askDatabase(house, 'alter table platform.audit_anchor enable trigger append_only')
  expect(told).toMatchObject({ code: 1, output: expect.stringContaining('platform.audit_anchor: TRIGGER: ') })
  expect(told.output).toContain('Every entry is what was written.')
  expect(doctor).toMatchObject({ code: 1, output: expect.stringContaining('✗ Database: the audit log is not guarded') })
  expect((await house.verb(['audit', 'verify'])).code).toBe(0)
})

test('the operator is told that the log is whole, and where it is not once a superuser has changed one letter', async () => {
  const whole = await house.verb(['audit', 'verify'])
  expect(whole).toMatchObject({ code: 0, output: expect.stringContaining('Every entry is what was written.') })
  const [entry] = await askDatabase<{ organization_id: string; position: string }>(
    house,
    `select organization_id, position from platform.audit_entry where action = 'document.deleted'`,
  )
  await askDatabase(house, 'alter table platform.audit_entry disable trigger user')
  await askDatabase(house, `update platform.audit_entry set author = 'SERVICE' where action = 'document.deleted'`)
  await askDatabase(house, 'alter table platform.audit_entry enable trigger user')
  const changed = await house.verb(['audit', 'verify', '--organization', entry?.organization_id ?? ''])
  expect(changed.code).toBe(1)
  expect(changed.output).toContain(`CHANGED at entry ${entry?.position}`)
})

test('what the operator is given of a log is every entry, and nothing for what is no verb', async () => {
  const [{ organization_id: organization } = { organization_id: '' }] = await askDatabase<{ organization_id: string }>(
    house,
    `select organization_id from platform.audit_head where organization_id <> 'installation'`,
  )
  const { output } = await house.verb(['audit', 'export', '--organization', organization])
  const lines = output.split('\n').filter((line) => line.startsWith('{'))
  expect(lines.map((line) => JSON.parse(line).position)).toEqual(lines.map((_, index) => index + 1))
  for (const words of [['audit'], ['audit', 'forge'], ['audit', 'export'], ['audit', 'verify', '--all']])
    expect((await house.verb(words)).code).toBe(1)
  expect(surprises(house)).toEqual([])
})
