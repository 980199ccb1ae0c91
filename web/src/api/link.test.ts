import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { knownHouse, linkKeeper, rememberHouse, takeLink } from './link'

const token = 'Om5jK7UXIfGg5loxrgJO9wAJb4d23I28w6nyHtCD1xo'

/** The server, answering `openClientLink` in turn; what it was asked with. */
function serve(...answers: object[]) {
  const asked: unknown[] = []
  vi.stubGlobal('fetch', async (_address: string, { body }: { body: string }) => {
    asked.push((JSON.parse(body) as { variables: unknown }).variables)
    const answer = answers.shift()
    if (!answer) throw new TypeError('unreachable')
    return new Response(JSON.stringify({ data: { openClientLink: answer } }))
  })
  return asked
}

const sessionOf = (name: string, lifeMs: number) => ({
  __typename: 'ClientSession',
  accessToken: name,
  expiresAt: new Date(Date.now() + lifeMs).toISOString(),
})

beforeEach(() => {
  sessionStorage.clear()
  localStorage.clear()
})
afterEach(() => vi.unstubAllGlobals())

it('a link is taken out of the address and the history, and kept in this tab alone', () => {
  history.replaceState({ position: 3 }, '', `/portal#${token}`)
  expect(takeLink()).toBe(true)
  expect([location.pathname, location.hash, history.state]).toEqual(['/portal', '', { position: 3 }])
  expect(linkKeeper.current()?.refreshToken).toBe(token)
  expect(JSON.stringify({ ...localStorage })).not.toContain(token)
})

it.each(['/portal', '/portal#', `/#${token}`, `/portal/requests#${token}`, `/login#${token}`])(
  '%s is no link',
  (address) => {
    history.replaceState(null, '', address)
    expect(takeLink()).toBe(false)
    expect(linkKeeper.current()).toBeUndefined()
  },
)

it('another link forgets the house of the one before, and the same one does not', () => {
  history.replaceState(null, '', `/portal#${token}`)
  takeLink()
  rememberHouse('Clés d’Azur')
  history.replaceState(null, '', `/portal#${token}`)
  expect([takeLink(), knownHouse()]).toEqual([true, 'Clés d’Azur'])
  history.replaceState(null, '', '/portal#another')
  expect([takeLink(), knownHouse(), linkKeeper.current()?.refreshToken]).toEqual([true, undefined, 'another'])
})

it('a link is opened for the first who asks, and again before its token ends', async () => {
  history.replaceState(null, '', `/portal#${token}`)
  takeLink()
  const asked = serve(sessionOf('one', 5_000), sessionOf('two', 900_000))
  expect(await Promise.all([linkKeeper.freshToken(), linkKeeper.freshToken()])).toEqual(['one', 'one'])
  expect(await linkKeeper.freshToken()).toBe('two')
  expect(await linkKeeper.freshToken()).toBe('two')
  expect(asked).toEqual([{ token }, { token }])
})

it('a link that holds no more ends the session, and is forgotten', async () => {
  history.replaceState(null, '', `/portal#${token}`)
  takeLink()
  const heard = vi.fn<(reason?: string) => void>()
  const stop = linkKeeper.onChange(heard)
  serve({ __typename: 'LinkInvalid' })
  expect(await linkKeeper.freshToken()).toBeUndefined()
  expect(heard).toHaveBeenCalledExactlyOnceWith('expired')
  expect(JSON.stringify({ ...sessionStorage })).not.toContain(token)
  stop()
})

it.each([['a server that has had too many', [{ __typename: 'TooManyAttempts' }]] as const, ['no server', []] as const])(
  'a link is kept for a later try when there is %s',
  async (_what, answers) => {
    history.replaceState(null, '', `/portal#${token}`)
    takeLink()
    serve(...answers)
    await expect(linkKeeper.freshToken()).rejects.toThrow()
    serve(sessionOf('one', 900_000))
    expect(await linkKeeper.freshToken()).toBe('one')
  },
)
