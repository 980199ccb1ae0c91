import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLeaver, type Leaver } from './leaving.ts'
import { preparePasserelle, surprises } from './passerelle.ts'
import { unfinishedJobs } from './unfinished-jobs.ts'

const house = await preparePasserelle({ PASSERELLE_DEMO: 'off' })
let leaver: Leaver
beforeAll(async () => {
  await house.start()
  leaver = await openLeaver(house.url)
})
afterAll(() => house.remove())

test('who asks anything over HTTP may leave before it is answered', async () => {
  expect(await leaver.leaveRequests()).toBeGreaterThan(100)
})

test('so may who asks over WebSocket, whether for one answer or for what happens from now on', async () => {
  expect(await leaver.leaveSockets()).toBeGreaterThan(0)
})

test('so may who sends a file, or reads one', async () => {
  expect(await leaver.leaveFiles()).toBe('letter')
})

test('none of them is missed: the log has no failure, and whoever stays is answered', async () => {
  await expect.poll(() => unfinishedJobs(house), { timeout: 120_000, interval: 500 }).toEqual([])
  expect(surprises(house)).toEqual([])
  const { client, ours } = leaver
  expect(await client.ask('{ viewer { user { id } } }')).toEqual({ viewer: { user: { id: ours.user } } })
})
