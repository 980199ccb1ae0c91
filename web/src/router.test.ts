import { beforeEach, describe, expect, it } from 'vitest'
import { openBrowser } from './testing/browser'

openBrowser()
const { keeper } = await import('./api/keeper')
const { linkKeeper } = await import('./api/link')
const { speak } = await import('./i18n')
const { router, safeNext } = await import('./router')

describe('the page to return to after a log-in', () => {
  it('is the one that was asked for', () => {
    expect(safeNext('/documents/doc_1?page=2')).toBe('/documents/doc_1?page=2')
  })

  it.each([
    ['https://example.org'],
    ['//example.org'],
    ['/\\example.org'],
    ['javascript:alert(1)'],
    [undefined],
    [['/a', '/b']],
  ])('is the home page instead of %j', (next) => expect(safeNext(next)).toBe('/'))
})

describe('the way of who opens an address', () => {
  const expiresAt = new Date(Date.now() + 600_000).toISOString()
  const sessionOf = (claims: object) => ({
    accessToken: `a.${btoa(JSON.stringify({ org: 'org_1', ...claims }))}.b`,
    refreshToken: 'refresh',
    expiresAt,
  })
  const staff = sessionOf({ roles: ['OWNER'], scopes: ['record:read'] })
  const client = sessionOf({ roles: [], scopes: ['own:read', 'own:write'], cli: 'cli_1' })
  const link = sessionOf({ roles: [], scopes: ['own:read'], cli: 'cli_2' })

  beforeEach(async () => {
    await speak('fr')
    localStorage.clear()
    sessionStorage.clear()
    await router.push('/quick-start')
  })

  async function reach(address: string, who: { session?: object; link?: object } = {}): Promise<string> {
    if (who.session) localStorage.setItem('passerelle.session', JSON.stringify(who.session))
    if (who.link) sessionStorage.setItem('passerelle.link', JSON.stringify(who.link))
    await router.push(address)
    return router.currentRoute.value.fullPath
  }

  it.each(['/', '/clients', '/clients/cli_1', '/admin/members', '/settings', '/nowhere'])(
    'from %s leads an account of a client to the portal',
    async (address) => expect(await reach(address, { session: client })).toBe('/portal'),
  )

  it('leads an account of a client who has logged in to the page of the portal that they came from', async () => {
    expect(await reach('/login?next=/portal/stays', { session: client })).toBe('/portal/stays')
    expect(await reach('/login?next=/clients')).toBe('/portal')
  })

  it('leads people of the house from the portal to their own pages, unless they look at a link', async () => {
    expect(await reach('/portal/stays', { session: staff })).toBe('/')
    expect(await reach('/portal/stays', { link })).toBe('/portal/stays')
    expect(await reach('/clients')).toBe('/clients')
    expect([keeper.current()?.accessToken, linkKeeper.current()?.accessToken]).toEqual([
      staff.accessToken,
      link.accessToken,
    ])
  })

  it('leads who has a link and nothing else to the log-in from all but the portal', async () => {
    expect(await reach('/portal', { link })).toBe('/portal')
    expect(await reach('/clients')).toBe('/login?next=/clients')
  })

  it('lets who has neither before the door of the portal, where they are told what opens it', async () => {
    expect(await reach('/portal/requests/req_1')).toBe('/portal/requests/req_1')
  })

  it('lets an account of a client read what everybody may', async () => {
    expect(await reach('/invitation?token=x', { session: client })).toBe('/invitation?token=x')
  })
})
