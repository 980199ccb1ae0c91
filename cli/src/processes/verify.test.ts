import { memberRightsKey, openTokenKeys, revokedSessionKey } from '@passerelle/platform/identity'
import {
  createTestViewer,
  engineAway,
  openTestPlatform,
  type TestPlatform,
} from '@passerelle/platform/subgraph/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createVerify } from './verify.ts'

const keys = openTokenKeys({ tokenKey: new Uint8Array(32).fill(1), fileKey: new Uint8Array(32).fill(2) })
const viewer = createTestViewer()
const findHolder = async () => null
let platform: TestPlatform

beforeAll(async () => {
  platform = await openTestPlatform()
})
afterAll(() => platform.close())

test('a token holds until its session is ended', async () => {
  const verify = createVerify({ keys, coordination: platform.coordination, findHolder })
  const token = await keys.signAccessToken(viewer, 60)
  expect((await verify(token))?.viewer).toEqual(viewer)
  const key = revokedSessionKey(viewer.sessionId ?? '')
  await platform.coordination.memory.set(viewer.organizationId, key, 'ended', 60)
  expect(await verify(token)).toBeNull()
})

test('a token that carries older rights than its member has now is refused, and one that was signed since holds', async () => {
  const verify = createVerify({ keys, coordination: platform.coordination, findHolder })
  const member = createTestViewer()
  const [older, newer] = [await keys.signAccessToken(member, 60, 7), await keys.signAccessToken(member, 60, 8)]
  await platform.coordination.memory.set(member.organizationId, memberRightsKey(member.userId ?? ''), '8', 60)
  expect(await verify(older)).toBeNull()
  expect((await verify(newer))?.viewer).toEqual(member)
  const elsewhere = { ...member, organizationId: createTestViewer().organizationId }
  expect((await verify(await keys.signAccessToken(elsewhere, 60, 7)))?.viewer).toEqual(elsewhere)
})

test('a token that is ours and alive holds while nobody can say whether its session was ended', async () => {
  const coordination = {
    ...platform.coordination,
    memory: engineAway<typeof platform.coordination.memory>('coordination'),
  }
  const verify = createVerify({ keys, coordination, findHolder })
  expect((await verify(await keys.signAccessToken(viewer, 60)))?.viewer).toEqual(viewer)
  expect(await verify(await keys.signAccessToken(viewer, -1))).toBeNull()
  expect(await verify('a.b.c')).toBeNull()
})
