import { afterEach, expect, test } from 'vitest'
import { publish } from '../facts/facts.ts'
import { EngineUnavailable, InvalidInput } from '../schema/refusals.ts'
import { createTestViewer } from '../subgraph/testing.ts'
import type { ApprovalKind } from './approvals.ts'
import { notes, noting, useApprovals, type Note } from './approvals.testing.ts'
import { approvalQueue } from './carry-out.ts'
import { approve, retry } from './decide.ts'

let arrived = 0
let ended = 0
let open: () => void
const gate = new Promise<void>((resolve) => (open = resolve))
/** Waits until two are at it. */
const raced: ApprovalKind<Note> = {
  ...noting,
  kind: 'RACED_NOTE',
  async carryOut({ sql }, viewer, approval) {
    if (++arrived === 2) open()
    await gate
    const work = sql.withOrganization(viewer, async (tx) => {
      publish(tx, { type: 'note.kept', payload: {} })
      await approval.settle(tx)
    })
    await work.finally(() => ended++)
  },
}
const house = useApprovals([noting, raced])

afterEach(() => {
  notes.failing = null
})

test('what is approved while no worker is there waits for one, and is done then', async () => {
  const viewer = createTestViewer()
  const { id } = await house.propose(viewer)
  await approve(house.platform, viewer, { id })
  expect(await house.current(viewer, id)).toMatchObject({ status: 'APPROVED' })
  await house.work()
  await house.become(viewer, id, 'DONE')
})

test('what is proposed and approved is carried out once, with its result, and every step is audited', async () => {
  const viewer = createTestViewer()
  const { id } = await house.propose(viewer)
  await approve(house.platform, viewer, { id })
  expect(await house.become(viewer, id, 'DONE')).toMatchObject({ result: { word: 'un' }, deciderId: viewer.userId })
  expect(notes.kept.get(id)).toEqual(['un'])
  expect(await house.actions(viewer, id)).toEqual(['approval.proposed', 'approval.approved', 'approval.done'])
})

test('what fails for good says why and can be tried again; what fails once is tried again by itself', async () => {
  const viewer = createTestViewer()
  const { id } = await house.propose(viewer)
  notes.failing = () => new InvalidInput('The document has gone.')
  await approve(house.platform, viewer, { id })
  expect(await house.become(viewer, id, 'FAILED')).toMatchObject({
    failure: { code: 'INVALID_INPUT', message: 'The document has gone.' },
  })
  notes.failing = null
  await retry(house.platform, viewer, id)
  await house.become(viewer, id, 'DONE')
  const second = await house.propose(viewer)
  let fell = 0
  notes.failing = () => {
    notes.failing = null
    fell++
    return new Error('a slip')
  }
  await approve(house.platform, viewer, { id: second.id })
  await house.become(viewer, second.id, 'DONE')
  expect(fell).toBe(1)
})

test('an engine that is away is waited for and counts as no try', async () => {
  const viewer = createTestViewer()
  const { id } = await house.propose(viewer)
  let fell = 0
  notes.failing = () => {
    fell++
    if (fell === 2) notes.failing = null
    return new EngineUnavailable('graph')
  }
  await approve(house.platform, viewer, { id })
  expect(await house.become(viewer, id, 'DONE')).toMatchObject({ attempts: 0 })
})

test('two workers at the same approval, as after a hold that was lost, do it once', async () => {
  const viewer = createTestViewer()
  const { id } = await house.propose(viewer, { kind: raced })
  await approve(house.platform, viewer, { id })
  await house.platform.sql.withOrganization(viewer, (tx) =>
    house.platform.jobs.enqueue(tx, approvalQueue, { id }, { key: 'rival' }),
  )
  await house.become(viewer, id, 'DONE')
  await expect.poll(() => ended, { timeout: 60_000 }).toBe(2)
  const effects = await house.platform.database.asOwner(
    `select from platform.fact where organization_id = $1 and type = 'note.kept'`,
    [viewer.organizationId],
  )
  expect(effects).toHaveLength(1)
})
