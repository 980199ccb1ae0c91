import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { logIn, settled } from './client.ts'
import { askDatabase, countRows, listProcesses } from './inside.ts'
import { preparePasserelle, type Passerelle } from './passerelle.ts'

const address = 'demo@passerelle.local'
let house: Passerelle

beforeAll(async () => {
  house = await preparePasserelle()
  await house.start()
})
afterAll(() => house.remove())

const enter = async (password = house.demoPassword) => {
  const client = await logIn(house.url, address, password)
  if (!client) throw new Error(`${address} cannot log in with ${password}.`)
  return client
}

test('the first start prints how to log in to an organisation with documents, shipments, a client and a property', async () => {
  expect(house.output).toMatch(
    /^demo log-in: demo@passerelle\.local\ndemo password: \S+\nready http:\/\/127\.0\.0\.1:\d+\n$/,
  )
  const client = await enter()
  const states = await settled(client)
  expect(states.length).toBeGreaterThan(0)
  expect(states.filter(({ status }) => status.stage !== 'READY')).toEqual([])
  const { shipments, clients, properties } = await client.ask<
    Record<'shipments' | 'clients' | 'properties', { totalCount: number }>
  >('{ shipments { totalCount } clients { totalCount } properties { totalCount } }')
  expect([shipments, clients, properties].every(({ totalCount }) => totalCount > 0)).toBe(true)
})

test('a second process on the same folder says in one sentence that the first has it', async () => {
  const { code, output } = await house.startInVain()
  expect(code).toBe(1)
  expect(output).toBe(
    `Passerelle already runs on ${house.data} (process ${house.group}, ${house.url}): stop it first, or choose another folder with PASSERELLE_DATA.\n`,
  )
})

test('a start that is refused says why in one sentence for each setting', async () => {
  const other = await preparePasserelle()
  const { code, output } = await other.startInVain({
    PORT: 'eighty',
    PASSERELLE_DEMO: 'perhaps',
    LOG_LEVEL: 'loud',
    OLLAMA_URL: 'ftp://x',
  })
  expect(code).toBe(1)
  expect(output.trimEnd().split('\n')).toEqual([
    expect.stringContaining('PORT must be a number from 0 to 65535, not “eighty”.'),
    expect.stringContaining('PASSERELLE_DEMO must be on or off, not “perhaps”.'),
    expect.stringContaining('LOG_LEVEL must be one of'),
    expect.stringContaining('OLLAMA_URL must be an http(s) address'),
  ])
  await other.remove()
})

test('where strangers open nothing the demo is not made, and one sentence says what to do', async () => {
  const other = await preparePasserelle({ PASSERELLE_SIGN_UP: 'off' })
  const { code, output } = await other.startInVain()
  expect({ code, output }).toEqual({
    code: 1,
    output:
      'The demo opens an organisation, and PASSERELLE_SIGN_UP is off: start once with it on, or without the demo (PASSERELLE_DEMO=off).\n',
  })
  await other.remove()
})

test('a port that is taken is named, nothing is left running, and the next start without the demo is an empty house', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const other = await preparePasserelle({ PASSERELLE_DEMO: 'off' })
  const { code, output } = await other.startInVain({ PORT: String(port) })
  expect({ code, output }).toEqual({
    code: 1,
    output: `Port ${port} is taken by another program: stop that, or choose another with PORT.\n`,
  })
  expect(await listProcesses(other)).toEqual([])
  server.close()
  await other.start()
  expect(other.output).toMatch(/^ready \S+\n$/)
  expect(await countRows(other)).toMatchObject({ 'tenancy.organization': 0, 'documents.document': 0 })
  await other.remove()
})

test('Ctrl-C ends everything it started, and the next start changes nothing', async () => {
  await settled(await enter())
  const before = await snapshot()
  const { demoPassword } = house
  expect(await house.stop()).toBe(0)
  expect(await listProcesses(house)).toEqual([])
  await house.start()
  expect(house.demoPassword).toBe(demoPassword)
  expect(await snapshot()).toEqual(before)
})

test('after a kill of the main process alone the next start takes over from the orphans, and changes nothing', async () => {
  const before = await snapshot()
  // Some of these outlive the main process for a while; which ones is the system's affair.
  const former = await listProcesses(house)
  expect(former.some((line) => line.includes('postgres'))).toBe(true)
  await house.orphan()
  await house.start()
  expect(await snapshot()).toEqual(before)
  const running = await listProcesses(house)
  expect(former.filter((line) => running.includes(line))).toEqual([])
})

test('a password from the environment, however short, takes the place of the printed one, and no secret is printed', async () => {
  const former = house.demoPassword
  await house.stop()
  await house.start({ PASSERELLE_DEMO_PASSWORD: 'démo' })
  expect(house.demoPassword).toBe('démo')
  await enter('démo')
  expect(await logIn(house.url, address, former)).toBeNull()
  const { tokenKey, fileKey } = JSON.parse(await readFile(join(house.data, 'secrets.json'), 'utf8')) as Record<
    string,
    string
  >
  expect([tokenKey, fileKey].filter((key) => key === undefined || house.output.includes(key))).toEqual([])
})

/** All rows but those of log-ins, and the end of each log. */
async function snapshot(): Promise<unknown> {
  const counts = await countRows(house)
  const heads = await askDatabase(
    house,
    `select organization_id, count(*)::int as facts from platform.fact where type not like 'session.%' group by 1 order by 1`,
  )
  const logIns = ['tenancy.session', 'tenancy.refresh_token', 'platform.fact', 'platform.audit_entry']
  // What is there is written down at each start, and every hour; the audit log is sealed as often.
  const rounds = ['platform.usage_day', 'platform.audit_anchor']
  // Somebody is written to a while after what there is to tell.
  const letters = ['tenancy.notification_letter', 'platform.mail']
  return {
    heads,
    counts: Object.fromEntries(
      Object.entries(counts).filter(([name]) => ![...logIns, ...rounds, ...letters].includes(name)),
    ),
  }
}
