import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settled } from '../client.ts'
import { askDatabase, countWaiters, holdRows, listBlobs } from '../inside.ts'
import type { Passerelle } from '../passerelle.ts'
import { killAt, kills, listFacts, settle, type Resident } from './rounds.ts'

interface Archive {
  id: string
  state: string
  archiveUrl: string | null
}

/** Archives that are written, and logs and statements that are taken, while the house is killed. */
export function archiveCases(house: Passerelle): void {
  test('whenever everything is killed, an archive that was asked for is written once, is whole, and leaves nothing beside it', async () => {
    const person = await settle(house)
    await person.here().upload('visite.txt', Buffer.from('Madame Zoé Canari nous a reçus, zoe@canari-jaune.example.'))
    await settled(person.here())
    await fillTables(house, person)
    await killAt(house, {
      moments: [
        // Rows are waited for: somebody else holds their table.
        async (going) => {
          await Promise.all(going)
          await expect.poll(() => countWaiters(house), { interval: 20, timeout: 120_000 }).toBeGreaterThan(0)
          expect(await countRunning(house, person)).toBeGreaterThan(0)
        },
        // It is being written; or it is about to have its name.
        ...[writing, named].map((isThere) => async (going: readonly Promise<unknown>[]) => {
          await Promise.all(going)
          const isOver = async () => (await countRunning(house, person)) === 0
          await expect
            .poll(async () => (await isThere(house)) || (await isOver()), { interval: 1, timeout: 120_000 })
            .toBe(true)
        }),
        (going) => Promise.any(going),
      ],
      begin(round) {
        const ready =
          round % 4 === 0 ? holdRows(house, 'lock table tenancy.notification in access exclusive mode') : null
        const [everybody, somebody] = [
          'mutation { exportOrganization { __typename } }',
          'mutation { exportPersonalData(subject: { emails: ["zoe@canari-jaune.example"] }) { __typename } }',
        ]
        // Three of everybody are a day's.
        return [...(round < 3 ? [everybody] : []), somebody].map(async (text) => {
          await ready
          await person.here().ask(text)
        })
      },
    })
    await expect.poll(() => countRunning(house, person), { timeout: 180_000, interval: 200 }).toBe(0)
    const { privacyRequests } = await person
      .here()
      .ask<{ privacyRequests: { nodes: Archive[] } }>(
        '{ privacyRequests(first: 100) { nodes { id state archiveUrl } } }',
      )
    expect(privacyRequests.nodes.length).toBeGreaterThan(kills)
    for (const archive of privacyRequests.nodes) await expectWhole(house, person, archive)
    const blobs = (await listBlobs(house)).filter((path) => path.startsWith(person.organizationId))
    expect(blobs.length).toBe(privacyRequests.nodes.length + 1)
    expect(await incoming(house)).toEqual([])
  })

  test('whenever everything is killed, a log or a statement that is being taken is not taken for whole, and its link takes it anew', async () => {
    const { organizationId, here } = await settle(house)
    const log = 'mutation { made: exportAuditLog(format: JSONL) { ... on AuditExport { url } } }'
    const statement =
      'mutation { made: exportUsageStatement(month: "2026-11") { ... on UsageStatement { url: csvUrl } } }'
    const links: string[] = []
    const taken: number[] = []
    const held = ['platform.audit_entry', 'platform.usage_day']
    await killAt(house, {
      rounds: held.length,
      moments: [
        async () => {
          await expect.poll(() => countWaiters(house), { interval: 20, timeout: 120_000 }).toBeGreaterThan(0)
        },
      ],
      begin(round) {
        const going = here()
          .ask<{ made: { url: string } }>(round === 0 ? log : statement)
          .then(async ({ made }) => {
            links.push(made.url)
            await holdRows(house, `lock table ${held[round]} in access exclusive mode`)
            return (await fetch(new URL(made.url, house.url))).text()
          })
        return [going.then(() => taken.push(round))]
      },
    })
    expect(taken).toEqual([])
    const texts = await Promise.all(links.map(async (link) => (await fetch(new URL(link, house.url))).text()))
    const count = `select action from platform.audit_entry where organization_id = $1 order by position`
    const entries = await askDatabase<{ action: string }>(house, count, [organizationId])
    expect(
      texts[0]
        ?.trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { action: string }).action),
    ).toEqual(entries.map(({ action }) => action))
    expect(texts[1]).toContain('2026-11')
    const exported = entries.filter(({ action }) => action.endsWith('.exported'))
    expect(exported).toEqual([{ action: 'audit_log.exported' }, { action: 'usage_statement.exported' }])
  })
}

/** Rows enough for an archive to take a while. */
async function fillTables(house: Passerelle, { organizationId }: Resident): Promise<void> {
  await askDatabase(
    house,
    `insert into tenancy.notification (id, organization_id, user_id, kind, subject_id, topic, params, fact_position, shown)
     select 'ntf_' || $1 || number, $1, 'usr_' || number, 'kind', md5(number::text), 'topic', '{}', 1, false
     from generate_series(1, 20000) as number`,
    [organizationId],
  )
}

const incoming = (house: Passerelle): Promise<string[]> => readdir(join(house.data, 'blobs', '.incoming'))

/** Whether there are bytes of an archive that is not there yet. */
async function writing(house: Passerelle): Promise<boolean> {
  for (const name of await incoming(house)) {
    const file = await stat(join(house.data, 'blobs', '.incoming', name)).catch(() => null)
    if (file && file.size > 100_000) return true
  }
  return false
}

/** Whether the name of an archive is known before its request is done. */
async function named(house: Passerelle): Promise<boolean> {
  const text = `select from tenancy.privacy_request where state = 'RUNNING' and file_hash is not null`
  return (await askDatabase(house, text)).length > 0
}

async function countRunning(house: Passerelle, { organizationId }: Resident): Promise<number> {
  const text = `select from tenancy.privacy_request where organization_id = $1 and state = 'RUNNING'`
  return (await askDatabase(house, text, [organizationId])).length
}

/** The bytes are those that the request knows, and it was told of, and written down, once. */
async function expectWhole(house: Passerelle, { organizationId }: Resident, archive: Archive): Promise<void> {
  expect(archive.state).toBe('DONE')
  const response = await fetch(new URL(archive.archiveUrl ?? '', house.url))
  const bytes = Buffer.from(await response.arrayBuffer())
  const [row] = await askDatabase<{ file_hash: string; file_size: string }>(
    house,
    'select file_hash, file_size from tenancy.privacy_request where id = $1',
    [archive.id],
  )
  expect([createHash('sha256').update(bytes).digest('hex'), bytes.length]).toEqual([
    row?.file_hash,
    Number(row?.file_size),
  ])
  // The end of a directory of a ZIP file.
  expect(bytes.subarray(-22, -18).toString('latin1')).toBe('PK\u0005\u0006')
  const facts = await listFacts(house, { organizationId, type: 'privacy_request.finished' })
  expect(facts.filter(({ payload }) => payload.id === archive.id)).toHaveLength(1)
  const entries = await askDatabase<{ action: string }>(
    house,
    'select action from platform.audit_entry where subject_id = $1 order by position',
    [archive.id],
  )
  expect(entries.map(({ action }) => action)).toEqual([
    'privacy_request.requested',
    'privacy_request.finished',
    'personal_data.downloaded',
  ])
}
