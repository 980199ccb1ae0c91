import type { Browser } from 'playwright-core'
import { createApiClient, logIn, type ApiClient } from '../client.ts'
import type { Passerelle } from '../passerelle.ts'
import { openPerson, type Hand, type Person } from './hands.ts'

/** Everybody's. */
export const password = 'un long mot de passe'

/** An organisation in which three people work. */
export interface Office {
  /** Ada, who owns it; Grace, who does the day's work and deletes nothing; Henri, who decides beside Ada. */
  emails: Record<Name, string>
  /** Ada's client of the API. */
  owner: ApiClient
  /** Somebody who has logged in with their own hands. */
  arrive(name: Name, hand: Hand): Promise<Person>
  /** Opens a page of the administration from its list, and waits for it. */
  go(person: Person, page: string): Promise<void>
}

export type Name = 'Ada' | 'Grace' | 'Henri'

let offices = 0

/** Makes one in a running installation. */
export async function openOffice(house: Passerelle, browser: Browser): Promise<Office> {
  const place = `bureau${process.pid}x${offices++}.fr`
  const emails = { Ada: `ada@${place}`, Grace: `grace@${place}`, Henri: `henri@${place}` }
  await createApiClient(house.url, null).ask(
    `mutation ($email: String!, $password: String!) {
      signUp(email: $email, password: $password, name: "Ada Lovelace", organizationName: "Fret Sud") { ... on Session { accessToken } } }`,
    { email: emails.Ada, password },
  )
  const owner = await logIn(house.url, emails.Ada, password)
  if (!owner) throw new Error('Ada cannot log in.')
  const grace = await join(house, owner, { email: emails.Grace, name: 'Grace Hopper', role: 'OPERATOR' })
  await join(house, owner, { email: emails.Henri, name: 'Henri Fayol', role: 'ADMIN' })
  await owner.ask(
    `mutation ($userId: ID!) { changeMemberScopes(input: { userId: $userId, granted: [], withheld: ["document:write"] }) { __typename } }`,
    { userId: grace },
  )
  return {
    emails,
    owner,
    async arrive(name, hand) {
      const person = await openPerson(browser, house.url, hand)
      await person.page.goto('/login')
      await person.write(person.page.getByLabel('Adresse e-mail'), emails[name])
      await person.write(person.page.getByLabel('Mot de passe', { exact: true }), password)
      await person.press(person.page.getByRole('button', { name: 'Se connecter' }))
      await person.page.getByRole('heading', { name: /^Bonjour/ }).waitFor()
      return person
    },
    async go({ page, press }, name) {
      await page.goto('/admin')
      await press(page.getByRole('main').getByRole('link', { name: new RegExp(`^${name}`) }))
      await page.getByRole('heading', { level: 1, name }).waitFor()
    },
  }
}

/** Invites somebody who joins at once; answers the id of the person. */
async function join(
  house: Passerelle,
  owner: ApiClient,
  { email, name, role }: { email: string; name: string; role: string },
): Promise<string> {
  const token = await invite(owner, { email, role })
  const { session } = await createApiClient(house.url, null).ask<{ session: { viewer: { user: { id: string } } } }>(
    `mutation ($token: String!, $name: String!, $password: String!) {
      session: acceptInvitation(token: $token, name: $name, password: $password) { ... on Session { viewer { user { id } } } } }`,
    { token, name, password },
  )
  return session.viewer.user.id
}

/** Invites somebody; answers what the link of the letter ends with. */
export async function invite(owner: ApiClient, { email, role }: { email: string; role: string }): Promise<string> {
  await owner.ask(`mutation ($email: String!) { inviteMember(email: $email, roles: [${role}]) { __typename } }`, {
    email,
  })
  const { viewer } = await owner.ask<{
    viewer: { organization: { mails: { nodes: { to: string; text: string | null }[] } } }
  }>('{ viewer { organization { mails(first: 20) { nodes { to text } } } } }')
  const letter = viewer.organization.mails.nodes.find(({ to }) => to === email)
  return /\/invitation\?token=([\w-]+)/.exec(letter?.text ?? '')?.[1] ?? ''
}

/** Whether a page is no wider than its window, and nothing happened that must not. */
export async function stateOf({ page, faults }: Person): Promise<{ overflows: boolean; faults: string[] }> {
  const overflows = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1)
  return { overflows, faults }
}

/** How everything should be. */
export const fine = { overflows: false, faults: [] }
