import { expect, test } from 'vitest'
import { askDatabase, holdRows } from '../inside.ts'
import type { Passerelle } from '../passerelle.ts'
import { closeGate } from './gate.ts'
import { killAt, settle, type Resident } from './rounds.ts'

/** Ten times what is closed at once. */
const many = 2_000

interface Sealing {
  sealing: { keys: { purpose: string; number: number }[]; tables: { name: string; outdated: number }[] }
}

/** Keys that are made, and fields that are closed with them, while the house is killed. */
export function sealingCases(house: Passerelle): void {
  test('whenever everything is killed, a new key is made, told of and closed with, or there is none, and every field opens', async () => {
    const person = await settle(house)
    await fillClients(house, person)
    const rotate = () => person.here().ask('mutation { rotateSealingKey { __typename } }')
    await killAt(house, {
      moments: [
        (going) => Promise.all(going),
        // The key is written, and what belongs to it is not.
        async () => {
          const waiting = `select from pg_stat_activity where wait_event_type = 'Lock' and query ilike '%platform.audit%'`
          await expect.poll(() => askDatabase(house, waiting), { interval: 5, timeout: 120_000 }).toHaveLength(1)
        },
        (going) => Promise.any(going),
      ],
      rounds: 3,
      begin(round) {
        const ready = round === 1 ? holdRows(house, 'lock table platform.audit_head in exclusive mode') : null
        return [Promise.resolve(ready).then(rotate)]
      },
    })
    await expectAllTold(house, person)
    const { organizationId } = person
    const gate = await closeGate(house, { table: 'conciergerie.client', on: 'update', organizationId, after: 1_100 })
    await letKeysWrite(house, person)
    await killAt(house, {
      // Some is closed with the newest key, and the rest is about to be.
      moments: [() => expect.poll(() => countClosed(house, person), { timeout: 120_000 }).toBe(many / 2)],
      rounds: 2,
      begin: () => [],
    })
    await gate.open()
    const outdated = async () => (await stateOf(person)).tables.reduce((sum, { outdated: behind }) => sum + behind, 0)
    await expect.poll(outdated, { timeout: 180_000 }).toBe(0)
    expect(await countClosed(house, person)).toBe(many)
    expect(await listAddresses(person)).toEqual(Array.from({ length: many }, (_, index) => addressOf(index + 1)).sort())
    const waiting = `select from jobs.job where name = 'sealing.reseal' and state <> 'completed' and data ->> 'organizationId' = $1`
    await expect.poll(() => askDatabase(house, waiting, [organizationId]), { timeout: 120_000 }).toEqual([])
    await gate.remove()
  })
}

const addressOf = (number: number): string => `client.${number}@exemple.fr`

/** As they were written before fields were sealed: the next start closes them, and is killed meanwhile as well. */
async function fillClients(house: Passerelle, { organizationId }: Resident): Promise<void> {
  await askDatabase(
    house,
    `insert into conciergerie.client (id, organization_id, name, email, sort_name, search)
     select 'cli_' || replace(gen_random_uuid()::text, '-', ''), $1, 'Client ' || number, 'client.' || number || '@exemple.fr', 'client ' || number, ''
     from generate_series(1, $2::int) as number`,
    [organizationId, many],
  )
}

async function stateOf(person: Resident): Promise<Sealing['sealing']> {
  const text = '{ sealing { keys { purpose number } tables { name outdated } } }'
  return (await person.here().ask<Sealing>(text)).sealing
}

/** There is an entry of the log, and a job that closes, for every key but the first. */
async function expectAllTold(house: Passerelle, { organizationId }: Resident): Promise<void> {
  const [told] = await askDatabase<{ keys: number; entries: number; jobs: number }>(
    house,
    `select (select count(*)::int - 1 from platform.data_key where organization_id = $1 and purpose = 'SEAL') as keys,
       (select count(*)::int from platform.audit_entry where organization_id = $1 and action = 'sealing_key.rotated') as entries,
       (select count(*)::int from jobs.job where name = 'sealing.reseal' and data ->> 'organizationId' = $1
        and data -> 'data' ->> 'from' is not null) as jobs`,
    [organizationId],
  )
  expect(told?.keys).toBeGreaterThan(0)
  expect(told).toEqual({ keys: told?.keys, entries: told?.keys, jobs: told?.keys })
}

/** As if the minutes were over in which every process hears of new keys; the next start finds it so. */
async function letKeysWrite(house: Passerelle, { organizationId }: Resident): Promise<void> {
  await askDatabase(
    house,
    `update platform.data_key set writes_from = writes_from - interval '1 hour' where organization_id = $1 and purpose = 'SEAL' and number > 1`,
    [organizationId],
  )
  await askDatabase(
    house,
    `update jobs.job set data = jsonb_set(data, '{data,from}', to_jsonb(now() - interval '1 hour'))
     where name = 'sealing.reseal' and data ->> 'organizationId' = $1 and data -> 'data' ->> 'from' is not null`,
    [organizationId],
  )
  await house.kill()
  await house.start()
}

async function countClosed(house: Passerelle, { organizationId }: Resident): Promise<number> {
  const rows = await askDatabase(
    house,
    `select from conciergerie.client where organization_id = $1 and starts_with(email, 'v1:' ||
       (select id from platform.data_key where organization_id = $1 and purpose = 'SEAL' order by number desc limit 1) || ':')`,
    [organizationId],
  )
  return rows.length
}

async function listAddresses(person: Resident): Promise<string[]> {
  const all: string[] = []
  let after: string | null = null
  do {
    const { clients }: Page = await person
      .here()
      .ask<Page>(
        'query ($after: String) { clients(first: 100, after: $after) { nodes { email } pageInfo { hasNextPage endCursor } } }',
        { after },
      )
    all.push(...clients.nodes.map(({ email }) => email))
    after = clients.pageInfo.hasNextPage ? clients.pageInfo.endCursor : null
  } while (after)
  return all.sort()
}

interface Page {
  clients: { nodes: { email: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }
}
