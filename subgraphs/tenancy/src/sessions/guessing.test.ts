import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@passerelle/platform/ids'
import { countAttempt } from './guessing.ts'
import { logIn } from './log-in.ts'
import { InvalidCredentials, TooManyAttempts } from '../refusals.ts'
import type { Session } from './session.ts'
import { openTestTenancy, type TestTenancy } from '../tenancy.testing.ts'

let town: TestTenancy

beforeAll(async () => {
  town = await openTestTenancy()
})

afterAll(() => town.close())

const right = 'le bon mot de passe'
const wrong = 'un mauvais mot de passe'
const attacker = '198.51.100.66'
const home = '203.0.113.7'

interface Try {
  email: string
  password?: string
  device?: string | null
  caller?: string
}

function enter({ email, password = right, device, caller = home }: Try): Promise<Session> {
  return logIn(town.platform, { email, password, device: { token: device } }, caller)
}

/** Wrong guesses made at once: how many were looked at, and how many refused unseen. */
async function guess(many: number, tried: Try): Promise<{ seen: number; refused: number }> {
  const settled = await Promise.allSettled(Array.from({ length: many }, () => enter({ ...tried, password: wrong })))
  const count = (type: typeof InvalidCredentials | typeof TooManyAttempts): number =>
    settled.filter((each) => each.status === 'rejected' && each.reason instanceof type).length
  return { seen: count(InvalidCredentials), refused: count(TooManyAttempts) }
}

async function somebody(): Promise<string> {
  return (await town.signUp({ password: right })).viewer.user.email
}

test('guesses from one network are let through ten times, then slowly, whether or not there is such an account', async () => {
  for (const email of [await somebody(), `${newId('p')}@exemple.fr`]) {
    expect(await guess(14, { email, caller: attacker })).toEqual({ seen: 11, refused: 3 })
    await expect(enter({ email: ` ${email.toUpperCase()}`, caller: attacker })).rejects.toThrow(TooManyAttempts)
  }
})

test('a stranger who guesses keeps neither the person elsewhere nor a neighbour from logging in', async () => {
  const [email, neighbour] = [await somebody(), await somebody()]
  await guess(14, { email, caller: attacker })
  expect((await enter({ email })).viewer.userId).toMatch(/^usr_/)
  expect((await enter({ email: neighbour, caller: attacker })).viewer.userId).toMatch(/^usr_/)
})

test('guesses from many networks keep nobody from their known device', async () => {
  const email = await somebody()
  const { deviceToken } = await enter({ email })
  // Without the hash of a password: what is counted is the same, and this is a hundred of them.
  const guesses = Array.from({ length: 110 }, (_, net) =>
    countAttempt(town.platform, { address: email, device: null, caller: `192.0.2.${net}` }),
  )
  const refused = (await Promise.allSettled(guesses)).filter(({ status }) => status === 'rejected')
  // With the log-in above, a hundred and then six of this minute were let through.
  expect(refused).toHaveLength(5)
  await expect(enter({ email, caller: '100.64.0.1' })).rejects.toThrow(TooManyAttempts)
  expect((await enter({ email, device: deviceToken, caller: '100.64.0.1' })).viewer.userId).toMatch(/^usr_/)
})

test('a known device is no better at guessing: it has ten tries of its own, and then counts as a stranger', async () => {
  const email = await somebody()
  const { deviceToken } = await enter({ email })
  expect(await guess(24, { email, device: deviceToken, caller: attacker })).toEqual({ seen: 21, refused: 3 })
})

test('a device token is of one address, and a made-up one is none', async () => {
  const [email, other] = [await somebody(), await somebody()]
  const { deviceToken } = await enter({ email: other })
  const changed = `${deviceToken?.slice(0, -2)}AA`
  for (const device of [deviceToken, changed, 'dev_1.', '.', '', 'a.b.c'])
    expect(await guess(1, { email, device, caller: attacker })).toEqual({ seen: 1, refused: 0 })
  // Those six and these five are of the network alone: none had tries of its own.
  expect(await guess(8, { email, device: deviceToken, caller: attacker })).toEqual({ seen: 5, refused: 3 })
})

test('a failed log-in is recorded without the address, in the chain of the organisation that it was tried in', async () => {
  const session = await town.signUp({ password: right })
  const { email } = session.viewer.user
  await guess(1, { email, caller: attacker })
  const { organizationId } = await town.viewerOf(session)
  const read = () =>
    town.platform.database.asOwner(
      `select action, author, detail from platform.audit_entry where organization_id = $1 and action = 'session.refused'`,
      [organizationId],
    )
  await expect.poll(async () => (await read()).length, { timeout: 60_000 }).toBe(1)
  const [entry] = await read()
  expect(entry).toMatchObject({ author: 'SERVICE', detail: { network: '198.51.100.0/24' } })
  expect(JSON.stringify(entry)).not.toContain(email.split('@')[0])
})
