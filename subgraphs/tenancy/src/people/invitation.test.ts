import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@passerelle/platform/ids'
import { scopesOf, type Role, type Viewer } from '@passerelle/platform/schema'
import { openTestTenancy, type Session, type TestTenancy } from '../tenancy.testing.ts'

let town: TestTenancy

beforeAll(async () => {
  town = await openTestTenancy()
})

afterAll(() => town.close())

interface Sent {
  __typename: string
  code?: string
  path?: string[]
  id: string
  email: string
  roles: string[]
  state: string
}

const sent = `__typename ... on Refusal { code ... on InvalidInput { path } } ... on Invitation { id email roles state }`
const entered = `__typename ... on Refusal { code ... on InvalidInput { path } }
  ... on Session { accessToken refreshToken viewer { user { id email name } organization { id name } roles scopes } }`

const address = () => `${newId('p')}@exemple.fr`

async function invite(viewer: Viewer | null, email: string, roles: Role[] = ['OPERATOR']): Promise<Sent> {
  const text = `mutation ($email: String!, $roles: [Role!]!) { answer: inviteMember(email: $email, roles: $roles) { ${sent} } }`
  return (await town.client.data<{ answer: Sent }>(viewer, text, { email, roles })).answer
}

async function change(viewer: Viewer, verb: 'resend' | 'revoke', id: string): Promise<Sent> {
  const text = `mutation ($id: ID!) { answer: ${verb}Invitation(id: $id) { ${sent} } }`
  return (await town.client.data<{ answer: Sent }>(viewer, text, { id })).answer
}

interface Accepting {
  token: string
  password?: string
  name?: string
}

async function accept(given: Accepting, viewer: Viewer | null = null): Promise<Session> {
  const text = `mutation ($token: String!, $password: String, $name: String) {
    answer: acceptInvitation(token: $token, password: $password, name: $name) { ${entered} } }`
  return (await town.client.data<{ answer: Session }>(viewer, text, { ...given })).answer
}

const newcomer = { name: 'Grace Hopper', password: 'une phrase à retenir' }

async function offerOf(token: string) {
  const text = '{ invitation(token: "TOKEN") { organizationName email roles hasAccount } }'
  return (await town.client.data<{ invitation: object | null }>(null, text.replace('TOKEN', token))).invitation
}

/** The token of the newest link that was written to an address. */
async function linkTo(viewer: Viewer, email: string): Promise<string> {
  const { nodes } = await town.platform.mail.kept(viewer, { first: 100, after: null })
  const letter = nodes.find(({ to, text }) => to === email && text?.includes('/invitation?token='))
  const token = /\/invitation\?token=([\w-]+)/.exec(letter?.text ?? '')?.[1]
  if (!token) throw new Error(`No link was written to ${email}.`)
  return token
}

async function owner(organizationName = 'Fret Sud'): Promise<Viewer> {
  return town.viewerOf(await town.signUp({ organizationName }))
}

test('somebody new joins by a link, with the roles of it, chooses a name and a password, and logs in with them', async () => {
  const host = await owner()
  const email = address()
  expect(await invite(host, email, ['OPERATOR', 'DRIVER'])).toMatchObject({
    email,
    roles: ['OPERATOR', 'DRIVER'],
    state: 'PENDING',
  })
  const token = await linkTo(host, email)
  expect(await offerOf(token)).toEqual({
    organizationName: 'Fret Sud',
    email,
    roles: ['OPERATOR', 'DRIVER'],
    hasAccount: false,
  })
  const session = await accept({ token, ...newcomer })
  expect(session.viewer).toMatchObject({
    user: { email, name: 'Grace Hopper' },
    organization: { id: host.organizationId },
    roles: ['OPERATOR', 'DRIVER'],
  })
  expect((await town.logIn(email, newcomer.password)).viewer.user.id).toBe(session.viewer.user.id)
  expect(await offerOf(token)).toBeNull()
  expect((await accept({ token, ...newcomer })).__typename).toBe('LinkInvalid')
})

test('somebody with an account joins with its password, and keeps it and their other organisation', async () => {
  const host = await owner()
  const there = await town.signUp({ password: 'le bon mot de passe' })
  const { email, id } = there.viewer.user
  await invite(host, email.toUpperCase(), ['ANALYST'])
  const token = await linkTo(host, email.toUpperCase())
  expect(await offerOf(token)).toMatchObject({ hasAccount: true })
  expect((await accept({ token, ...newcomer })).__typename).toBe('InvalidCredentials')
  expect((await accept({ token })).__typename).toBe('InvalidCredentials')
  const session = await accept({ token, password: 'le bon mot de passe' })
  expect(session.viewer).toMatchObject({ user: { id }, organization: { id: host.organizationId }, roles: ['ANALYST'] })
  expect((await town.refresh(there.refreshToken)).viewer.organization.id).toBe(there.viewer.organization.id)
  expect((await town.logIn(email, 'le bon mot de passe')).__typename).toBe('Session')
})

test('who is logged in joins without a password, and goes on there; who is somebody else has to show it', async () => {
  const host = await owner()
  const there = await town.signUp()
  const other = await town.viewerOf(await town.signUp())
  await invite(host, there.viewer.user.email)
  const token = await linkTo(host, there.viewer.user.email)
  expect((await accept({ token }, other)).__typename).toBe('InvalidCredentials')
  const session = await accept({ token }, await town.viewerOf(there))
  expect(session.viewer.organization.id).toBe(host.organizationId)
  expect((await town.refresh(there.refreshToken)).__typename).toBe('InvalidCredentials')
})

test('the answer to an invitation is the same whether the address has an account', async () => {
  const host = await owner()
  const known = (await town.signUp()).viewer.user.email
  const answers = await Promise.all([invite(host, known), invite(host, address())])
  const [left, right] = answers.map(({ id: _id, email: _email, ...rest }) => rest)
  expect(left).toEqual(right)
  const twice = await invite(host, (await town.viewerOf(await town.signUp())).userId ?? '')
  expect(twice.path).toEqual(['email'])
})

test('of two uses of a link at the same moment one wins, and there is one account and one member', async () => {
  for (let turn = 0; turn < 5; turn++) {
    const host = await owner()
    const email = address()
    await invite(host, email)
    const token = await linkTo(host, email)
    const both = await Promise.all([accept({ token, ...newcomer }), accept({ token, ...newcomer, name: 'Autre' })])
    expect(both.filter(({ __typename }) => __typename === 'Session')).toHaveLength(1)
    const { viewer } = await town.client.data<{ viewer: { organization: { members: { totalCount: number } } } }>(
      host,
      '{ viewer { organization { members { totalCount } } } }',
    )
    expect(viewer.organization.members.totalCount).toBe(2)
  }
})

test('a link is used while it is sent again and replaced, and nobody waits for ever for somebody else', async () => {
  const turns = Array.from({ length: 10 }, async () => {
    const host = await owner()
    const email = address()
    const { id } = await invite(host, email)
    const token = await linkTo(host, email)
    let isIn = false
    const joining = accept({ token, ...newcomer }).finally(() => (isIn = true))
    const others = ['resend', 'invite'].map(async (verb) => {
      while (!isIn) await (verb === 'invite' ? invite(host, email) : change(host, 'resend', id))
    })
    await Promise.all(others)
    return (await joining).__typename
  })
  for (const outcome of await Promise.all(turns)) expect(['Session', 'LinkInvalid']).toContain(outcome)
})

test('a link ends when it is sent again, taken back, replaced by another to the address, or a week old', async () => {
  const host = await owner()
  const email = address()
  const { id } = await invite(host, email)
  const first = await linkTo(host, email)
  expect((await change(host, 'resend', id)).state).toBe('PENDING')
  const second = await linkTo(host, email)
  expect((await accept({ token: first, ...newcomer })).__typename).toBe('LinkInvalid')
  expect((await invite(host, email.toUpperCase(), ['VIEWER'])).id).toBe(id)
  const third = await linkTo(host, email.toUpperCase())
  expect((await accept({ token: second, ...newcomer })).__typename).toBe('LinkInvalid')
  await town.platform.database.asOwner(
    `update tenancy.invitation set expires_at = expires_at - interval '7 days' where id = $1`,
    [id],
  )
  expect((await accept({ token: third, ...newcomer })).__typename).toBe('LinkInvalid')
  const list = `{ viewer { organization { invitations { totalCount nodes { state roles invitedBy { id } } } } } }`
  expect(await town.client.data(host, list)).toEqual({
    viewer: {
      organization: {
        invitations: {
          totalCount: 1,
          nodes: [{ state: 'EXPIRED', roles: ['VIEWER'], invitedBy: { id: host.userId } }],
        },
      },
    },
  })
  await change(host, 'resend', id)
  const fourth = await linkTo(host, email.toUpperCase())
  expect((await change(host, 'revoke', id)).state).toBe('REVOKED')
  expect((await accept({ token: fourth, ...newcomer })).__typename).toBe('LinkInvalid')
  expect((await change(host, 'resend', id)).__typename).toBe('NotFound')
  for (const dead of ['', 'inconnu', '\u0000'])
    expect((await accept({ token: dead, ...newcomer })).__typename).toBe('LinkInvalid')
})

test('a password that is easy to guess, or a missing name, is refused and leaves the link good', async () => {
  const host = await owner()
  const email = address()
  await invite(host, email)
  const token = await linkTo(host, email)
  expect(await accept({ token, name: 'Grace', password: 'motdepasse1234' })).toMatchObject({ path: ['password'] })
  expect(await accept({ token, name: ' ', password: newcomer.password })).toMatchObject({ path: ['name'] })
  expect((await accept({ token, ...newcomer })).__typename).toBe('Session')
})

test('nobody invites to more than they may do, from elsewhere, or somebody who belongs to the organisation', async () => {
  const host = await owner()
  const admin = await joined(host, ['ADMIN'])
  const operator = await joined(host, ['OPERATOR'])
  expect((await invite(admin, address(), ['OWNER'])).code).toBe('NOT_ALLOWED')
  expect((await invite(admin, address(), ['ADMIN'])).__typename).toBe('Invitation')
  expect((await invite(operator, address(), ['VIEWER'])).code).toBe('NOT_ALLOWED')
  const program: Viewer = { ...host, userId: null, sessionId: null, keyId: 'key_1' }
  expect((await invite(program, address(), ['VIEWER'])).code).toBe('NOT_ALLOWED')
  expect(await invite(host, address(), [])).toMatchObject({ path: ['roles'] })
  const member = await town.client.data<{ viewer: { user: { email: string } } }>(admin, '{ viewer { user { email } } }')
  expect(await invite(host, member.viewer.user.email)).toMatchObject({ path: ['email'] })
  const { id } = await invite(host, address(), ['OWNER'])
  const stranger = await owner()
  for (const verb of ['resend', 'revoke'] as const) {
    expect((await change(stranger, verb, id)).__typename).toBe('NotFound')
    expect((await change(admin, verb, id)).code).toBe('NOT_ALLOWED')
  }
  const list = await town.client.ask(operator, '{ viewer { organization { invitations { totalCount } } } }')
  expect(list.errors[0]?.extensions?.code).toBe('FORBIDDEN')
})

test('a link gives no more than whoever sent it has today: it ends with their place, until somebody else sends it', async () => {
  const boss = await owner()
  const first = address()
  await invite(boss, first, ['ADMIN'])
  const admin = await town.viewerOf(await accept({ token: await linkTo(boss, first), ...newcomer }))
  const email = address()
  const { id } = await invite(admin, email, ['ADMIN'])
  const token = await linkTo(boss, email)
  const text = `mutation ($userId: ID!) { answer: removeMember(userId: $userId) { __typename } }`
  await town.client.data(boss, text, { userId: admin.userId })
  expect(await accept({ token, ...newcomer })).toMatchObject({ __typename: 'LinkInvalid' })
  await change(boss, 'resend', id)
  expect(await accept({ token: await linkTo(boss, email), ...newcomer })).toMatchObject({ __typename: 'Session' })
})

test('an organisation sends fifty invitations a day, also when they are sent at once', async () => {
  const host = await owner()
  const answers = await Promise.all(Array.from({ length: 53 }, () => invite(host, address())))
  expect(answers.filter(({ __typename }) => __typename === 'Invitation')).toHaveLength(50)
  expect(answers.filter(({ code }) => code === 'QUOTA_EXCEEDED')).toHaveLength(3)
  expect((await invite(await owner(), address())).__typename).toBe('Invitation')
})

test('a link is kept nowhere but in its message, which nobody reads who may do less than its reader will', async () => {
  const host = await owner()
  const admin = await joined(host, ['ADMIN'])
  const email = address()
  await invite(host, email, ['OWNER'])
  const token = await linkTo(host, email)
  const rows = await town.platform.database.asOwner('select * from tenancy.invitation where organization_id = $1', [
    host.organizationId,
  ])
  expect(JSON.stringify(rows)).not.toContain(token)
  const text = '{ viewer { organization { mails(first: 50) { nodes { to text } } } } }'
  const read = async (viewer: Viewer) => {
    const { viewer: asked } = await town.client.data<{
      viewer: { organization: { mails: { nodes: { to: string; text: string | null }[] } } }
    }>(viewer, text)
    return asked.organization.mails.nodes.find(({ to }) => to === email)?.text ?? null
  }
  expect(await read(host)).toContain(token)
  expect(await read(admin)).toBeNull()
})

test('what is written to somebody who belongs to another organisation too is read by no one else here', async () => {
  const host = await owner()
  const guest = await joined(host, ['VIEWER'])
  const { organizationId } = await owner()
  const { user } = (
    await town.client.data<{ viewer: { user: { email: string } } }>(guest, '{ viewer { user { email } } }')
  ).viewer
  const letter = { organizationId: host.organizationId, to: user.email, subject: 'Lien', text: 'un lien secret' }
  await town.platform.mail.send(letter)
  const text = '{ viewer { organization { mails(first: 50) { nodes { to subject text } } } } }'
  const read = async () =>
    (
      await town.client.data<{
        viewer: { organization: { mails: { nodes: { subject: string; text: string | null }[] } } }
      }>(host, text)
    ).viewer.organization.mails.nodes.find(({ subject }) => subject === 'Lien')?.text
  expect(await read()).toBe('un lien secret')
  await town.platform.database.asOwner(
    `insert into tenancy.member (organization_id, user_id, roles) values ($1, $2, '{VIEWER}')`,
    [organizationId, guest.userId],
  )
  expect(await read()).toBeNull()
})

test('an account without a place anywhere begins anew by a link: whoever reads its mailbox is who it is of', async () => {
  const host = await owner()
  const guest = await joined(host, ['VIEWER'])
  const { viewer } = await town.client.data<{ viewer: { user: { email: string } } }>(
    guest,
    '{ viewer { user { email } } }',
  )
  const { email } = viewer.user
  await town.client.data(host, `mutation { removeMember(userId: "${guest.userId}") { __typename } }`)
  expect((await town.logIn(email, newcomer.password)).__typename).toBe('InvalidCredentials')
  const next = await owner()
  await invite(next, email, ['DRIVER'])
  const token = await linkTo(next, email)
  expect(await offerOf(token)).toMatchObject({ hasAccount: false })
  const session = await accept({ token, name: 'Grace H.', password: 'encore une autre phrase' })
  expect(session.viewer).toMatchObject({ user: { id: guest.userId, name: 'Grace H.' }, scopes: scopesOf(['DRIVER']) })
  expect((await town.logIn(email, newcomer.password)).__typename).toBe('InvalidCredentials')
  expect((await town.logIn(email, 'encore une autre phrase')).__typename).toBe('Session')
})

/** Somebody who has joined by a link. */
async function joined(host: Viewer, roles: Role[]): Promise<Viewer> {
  const email = address()
  await invite(host, email, roles)
  return town.viewerOf(await accept({ token: await linkTo(host, email), ...newcomer }))
}
