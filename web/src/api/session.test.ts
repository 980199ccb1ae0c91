import { describe, expect, it } from 'vitest'
import { claimsOf, createSessionKeeper, type Renewal, type StoredSession } from './session'

const minute = 60_000
const start = Date.parse('2026-11-20T10:00:00Z')

function memoryStorage(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  const rows = new Map<string, string>()
  return {
    getItem: (key) => rows.get(key) ?? null,
    setItem: (key, value) => void rows.set(key, value),
    removeItem: (key) => void rows.delete(key),
  }
}

const session = (name: string, lifeMs: number): StoredSession => ({
  accessToken: `access-${name}`,
  refreshToken: `refresh-${name}`,
  expiresAt: new Date(start + lifeMs).toISOString(),
})

/** Two keepers over one storage and one lock are two tabs of one browser. */
function browser(renewals: Renewal[]) {
  const storage = memoryStorage()
  const asked: string[] = []
  let last: Promise<unknown> = Promise.resolve()
  const exclusively = <T>(task: () => Promise<T>) => {
    const turn = last.then(task, task)
    last = turn.catch(() => undefined)
    return turn
  }
  const renew = async (refreshToken: string) => {
    asked.push(refreshToken)
    const outcome = renewals.shift()
    if (!outcome) throw new Error('unreachable')
    return outcome
  }
  const openTab = () => createSessionKeeper({ storage, renew, exclusively, now: () => start })
  return { openTab, asked }
}

describe('the session of a browser', () => {
  it('gives the token as it is while it is good for a while', async () => {
    const { openTab, asked } = browser([])
    const tab = openTab()
    tab.open(session('one', 10 * minute))
    expect(await tab.freshToken()).toBe('access-one')
    expect(asked).toEqual([])
  })

  it('renews a token that is about to end, once for all callers of all tabs', async () => {
    const { openTab, asked } = browser([{ session: session('two', 10 * minute) }])
    const [first, second] = [openTab(), openTab()]
    first.open(session('one', 1000))
    const tokens = await Promise.all([
      first.freshToken(),
      first.freshToken(),
      second.freshToken(),
      second.replaceToken('access-one'),
    ])
    expect(tokens).toEqual(['access-two', 'access-two', 'access-two', 'access-two'])
    expect(asked).toEqual(['refresh-one'])
  })

  it('closes the session as expired when the server rejects the refresh token', async () => {
    const { openTab } = browser([{ rejected: true }])
    const tab = openTab()
    const reasons: unknown[] = []
    tab.open(session('one', 1000))
    tab.onChange((reason) => reasons.push(reason))
    expect(await tab.freshToken()).toBeUndefined()
    expect(tab.current()).toBeUndefined()
    expect(reasons).toEqual(['expired'])
  })

  it('tells in every tab whether it ended or its person left', async () => {
    const { openTab } = browser([{ rejected: true }])
    const [here, there] = [openTab(), openTab()]
    const reasons: unknown[] = []
    there.onChange((reason) => reasons.push(reason))
    const change = (step: () => void) => (step(), there.noticeOtherTab())
    change(() => here.open(session('one', 1000)))
    await here.freshToken()
    there.noticeOtherTab()
    change(() => here.open(session('two', 10 * minute)))
    change(() => here.close('left'))
    expect(reasons).toEqual([undefined, 'expired', undefined, 'left'])
  })

  it('keeps the session when the server cannot be reached, and tries again the next time', async () => {
    const renewals: Renewal[] = []
    const { openTab } = browser(renewals)
    const tab = openTab()
    tab.open(session('one', 1000))
    await expect(tab.freshToken()).rejects.toThrow('unreachable')
    expect(tab.current()?.refreshToken).toBe('refresh-one')
    renewals.push({ session: session('two', 10 * minute) })
    expect(await tab.freshToken()).toBe('access-two')
  })

  it('stays logged out when the person leaves while a renewal travels', async () => {
    const { openTab } = browser([{ session: session('two', 10 * minute) }])
    const tab = openTab()
    tab.open(session('one', 1000))
    const travelling = tab.freshToken()
    tab.close('left')
    expect(await travelling).toBeUndefined()
    expect(tab.current()).toBeUndefined()
  })

  it('gives nobody the token of who logged in while theirs was renewed', async () => {
    const of = (sub: string, name: string, lifeMs: number) => ({
      ...session(name, lifeMs),
      accessToken: `${name}.${btoa(JSON.stringify({ org: 'org_1', sub }))}.x`,
    })
    const { openTab } = browser([{ session: of('usr_a', 'two', 10 * minute) }])
    const tab = openTab()
    tab.open(of('usr_a', 'one', 1000))
    const travelling = tab.freshToken()
    tab.close('left')
    tab.open(of('usr_b', 'other', 10 * minute))
    expect(await travelling).toBeUndefined()
    expect(await tab.replaceToken(of('usr_a', 'one', 0).accessToken)).toBeUndefined()
    expect(tab.current()?.refreshToken).toBe('refresh-other')
  })

  it('is not ended by what becomes of the one before, and renewed by itself', async () => {
    const answers = new Map<string, (outcome: Renewal) => void>()
    const tab = createSessionKeeper({
      storage: memoryStorage(),
      renew: (refreshToken) => new Promise((resolve) => answers.set(refreshToken, resolve)),
      exclusively: (task) => task(),
      now: () => start,
    })
    tab.open(session('one', 1000))
    const before = tab.freshToken()
    tab.open(session('other', 1000))
    const after = tab.freshToken()
    answers.get('refresh-one')?.({ rejected: true })
    await before
    expect(tab.current()?.refreshToken).toBe('refresh-other')
    answers.get('refresh-other')?.({ session: session('two', 10 * minute) })
    expect(await after).toBe('access-two')
  })

  it('reads a damaged stored value as nobody logged in', () => {
    const storage = memoryStorage()
    storage.setItem('passerelle.session', '{"accessToken": 1')
    const tab = createSessionKeeper({
      storage,
      renew: async () => ({ rejected: true }),
      exclusively: (task) => task(),
      now: () => start,
    })
    expect(tab.current()).toBeUndefined()
  })
})

describe('the claims of a token', () => {
  it('are its organisation and rights, and nothing for what is no token', () => {
    const body = btoa(JSON.stringify({ org: 'org_1', sub: 'usr_1', roles: ['OWNER'], scopes: [], name: '~~???' }))
    const plain = body.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
    expect(claimsOf(`head.${plain}.seal`)).toEqual({
      bearer: '["org_1","usr_1",null]',
      person: 'usr_1',
      organization: 'org_1',
      rights: '[["OWNER"],[]]',
      isClient: false,
    })
    const client = btoa(JSON.stringify({ org: 'org_1', roles: [], scopes: ['own:read'], cli: 'cli_1' }))
    expect(claimsOf(`head.${client}.seal`)).toMatchObject({ isClient: true })
    for (const none of [undefined, '', 'access', 'a.b.c', `a.${btoa('{}')}.c`]) expect(claimsOf(none)).toBeUndefined()
  })
})
