import { afterAll, beforeAll, expect, test } from 'vitest'
import { scopesOf, type Viewer } from '@passerelle/platform/schema'
import { openTestTenancy, type TestTenancy } from '../tenancy.testing.ts'

let town: TestTenancy

beforeAll(async () => {
  town = await openTestTenancy()
})

afterAll(() => town.close())

interface Answer {
  viewer: {
    organization: {
      mails: { totalCount: number; nodes: { subject: string; text: string; state: string }[]; pageInfo: object }
    }
  }
}

const text = `query ($first: Int, $after: String) {
  viewer { organization { mails(first: $first, after: $after) { totalCount nodes { to subject text state failure settledAt } pageInfo { hasNextPage endCursor } } } } }`

test('who manages the members reads what was written to them, newest first and page by page, and nobody else’s', async () => {
  const session = await town.signUp()
  const viewer = await town.viewerOf(session)
  await town.viewerOf(await town.signUp())
  const { organizationId } = viewer
  await town.platform.mail.send({ organizationId, to: 'zoe@exemple.fr', subject: 'Deuxième', text: 'Bonjour Zoé' })
  const first = await town.client.data<Answer>(viewer, text, { first: 1 })
  expect(first.viewer.organization.mails).toEqual({
    totalCount: 2,
    nodes: [
      { to: 'zoe@exemple.fr', subject: 'Deuxième', text: 'Bonjour Zoé', state: 'KEPT', failure: null, settledAt: null },
    ],
    pageInfo: { hasNextPage: true, endCursor: expect.any(String) },
  })
  const { endCursor: after } = first.viewer.organization.mails.pageInfo as { endCursor: string }
  const second = await town.client.data<Answer>(viewer, text, { first: 1, after })
  expect(second.viewer.organization.mails).toMatchObject({
    nodes: [{ to: session.viewer.user.email, subject: 'Bienvenue dans Passerelle' }],
    pageInfo: { hasNextPage: false },
  })
})

test('who does not manage the members reads no message, not even their own', async () => {
  const owner = await town.viewerOf(await town.signUp())
  const manager: Viewer = { ...owner, roles: ['MANAGER'], scopes: scopesOf(['MANAGER']) }
  const { errors } = await town.client.ask<Answer>(manager, text)
  expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN'])
})

test('what is written to an owner owners read, and an administrator only that it was written', async () => {
  const session = await town.signUp()
  const owner = await town.viewerOf(session)
  const { organizationId } = owner
  const admin: Viewer = { ...owner, roles: ['ADMIN'], scopes: scopesOf(['ADMIN']) }
  const message = { organizationId, subject: 'Un lien', text: '/reset?token=secret' }
  await town.platform.mail.send({ ...message, to: session.viewer.user.email.toUpperCase() })
  await town.platform.mail.send({ ...message, to: 'zoe@exemple.fr' })
  const textsOf = async (viewer: Viewer) =>
    (await town.client.data<Answer>(viewer, text, { first: 2 })).viewer.organization.mails.nodes.map(
      (mail) => mail.text,
    )
  expect(await textsOf(owner)).toEqual([message.text, message.text])
  expect(await textsOf(admin)).toEqual([message.text, null])
})
