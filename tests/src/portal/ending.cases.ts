import { expect, test } from 'vitest'
import { createApiClient, type ApiClient } from '../client.ts'
import type { Passerelle } from '../passerelle.ts'
import { makeLink, openAccount, openLink, password, type House } from './clients.ts'

const mine = '{ viewer { client { id } } }'

/** How a client's access ends: at once, everywhere, and for good. */
export function endingCases(house: Passerelle, houses: () => readonly [House, House]): void {
  /** Whether the token is answered. */
  const holds = async (token: string): Promise<boolean> => {
    const { data } = await createApiClient(house.url, token).answer(mine)
    return data !== undefined && data !== null
  }

  test('a link that is revoked ends its tokens, its open sockets and the addresses of files it was given, and opens no more', async () => {
    const { staff, clients } = houses()[0]
    const [client] = clients
    const [link, other] = [await makeLink(staff, client.own.client), await makeLink(staff, client.own.client)]
    const [token, spared] = [await openLink(house.url, link.token), await openLink(house.url, other.token)]
    const { sharedDocument } = await createApiClient(house.url, token).ask<{ sharedDocument: { fileUrl: string } }>(
      `query ($id: ID!) { sharedDocument(id: $id) { fileUrl } }`,
      { id: client.own.document },
    )
    const file = new URL(sharedDocument.fileUrl, house.url)
    expect((await fetch(file)).status).toBe(200)
    const socket = watch(createApiClient(house.url, token))
    const open = watch(createApiClient(house.url, spared))
    await Promise.all([socket.opened, open.opened])
    await staff.ask(`mutation ($id: ID!) { revokeClientLink(id: $id) { __typename } }`, { id: link.id })
    await socket.closed
    expect([await holds(token), await holds(spared), open.isClosed()]).toEqual([false, true, false])
    expect((await fetch(file)).status).toBeGreaterThanOrEqual(400)
    expect(await openLink(house.url, link.token)).toBe('LinkInvalid')
    open.stop()
  })

  test('a document that is shared no more is gone with the addresses of its file that were made before', async () => {
    const { staff, clients } = houses()[1]
    const [client] = clients
    const shared = `query ($id: ID!) { sharedDocument(id: $id) { fileUrl } }`
    const share = (verb: string) =>
      staff.ask(
        `mutation ($document: ID!, $client: ID!) { ${verb}(documentId: $document, clientId: $client) { __typename } }`,
        {
          document: client.own.document,
          client: client.own.client,
        },
      )
    const { sharedDocument } = await client.byLink.ask<{ sharedDocument: { fileUrl: string } }>(shared, {
      id: client.own.document,
    })
    const file = new URL(sharedDocument.fileUrl, house.url)
    expect((await fetch(file)).status).toBe(200)
    await share('unshareDocument')
    expect(await client.byLink.ask(shared, { id: client.own.document })).toEqual({ sharedDocument: null })
    expect((await fetch(file)).status).toBeGreaterThanOrEqual(400)
    await share('shareDocument')
    expect(await client.byLink.ask(shared, { id: client.own.document })).not.toEqual({ sharedDocument: null })
  })

  test('an account that is closed is out at once, with its sockets; its password and its refresh token open nothing', async () => {
    const { staff, clients } = houses()[0]
    const [client, bystander] = clients
    const account = await openAccount(house.url, staff, {
      clientId: client.own.client,
      email: `conjoint@${client.word}.fr`,
    })
    const socket = watch(account.api)
    await socket.opened
    await staff.ask(`mutation ($id: ID!) { removeClientAccount(id: $id) { __typename } }`, { id: account.id })
    await socket.closed
    expect([await holds(account.api.token ?? ''), await holds(bystander.byAccount.token ?? '')]).toEqual([false, true])
    const nobody = createApiClient(house.url, null)
    const again = await nobody.ask<Record<string, { __typename: string }>>(
      `mutation ($token: String!, $email: String!, $password: String!) {
        renewed: refreshSession(refreshToken: $token) { __typename } entered: logIn(email: $email, password: $password) { __typename } }`,
      { token: account.refreshToken, email: account.email, password },
    )
    expect(again).toEqual({
      renewed: { __typename: 'InvalidCredentials' },
      entered: { __typename: 'InvalidCredentials' },
    })
  })

  test('what a link gives is never turned into an account’s, or another client’s, by asking for more', async () => {
    const [client] = houses()[0].clients
    const { errors } = await client.byLink.answer(
      `mutation { logOut(everywhere: true) { __typename } changePassword(currentPassword: "a", newPassword: "${password}") { __typename } endOtherSessions { __typename } }`,
    )
    expect(errors ?? []).toEqual([])
    expect(await holds(client.byLink.token ?? '')).toBe(true)
    const { viewer } = await client.byLink.ask<{ viewer: object }>(
      '{ viewer { scopes user { id } places { name } sessions { id } } }',
    )
    expect(viewer).toEqual({ scopes: ['own:read', 'own:write'], user: null, places: [], sessions: [] })
    const forged = forge(client.byLink.token ?? '', houses()[0].clients[1].own.client)
    expect(await holds(forged)).toBe(false)
  })
}

/** A connection with a subscription on it. */
function watch(client: ApiClient) {
  const socket = client.socket()
  const opened = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<void>()
  let isClosed = false
  socket.on('connected', () => opened.resolve())
  socket.on('closed', () => {
    isClosed = true
    closed.resolve()
  })
  const stop = socket.subscribe(
    { query: 'subscription { bookingChanged { id } }' },
    { next: () => {}, error: () => {}, complete: () => {} },
  )
  return { opened: opened.promise, closed: closed.promise, isClosed: () => isClosed, stop }
}

/** The same token with another client in it, under the signature of the first. */
function forge(token: string, clientId: string): string {
  const [head = '', body = '', seal = ''] = token.split('.')
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>
  const changed = Buffer.from(JSON.stringify({ ...claims, cli: clientId })).toString('base64url')
  return [head, changed, seal].join('.')
}
