import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { defineComponent } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { openBrowser } from '@/testing/browser'

openBrowser()
const { apollo } = await import('@/api/client')
const { keeper } = await import('@/api/keeper')
const { linkKeeper } = await import('@/api/link')
const { useSessionEnd } = await import('./useSessionEnd')

const expiresAt = new Date(Date.now() + 600_000).toISOString()
const sessionOf = (org: string, name: string, { roles = ['OWNER'], sub = 'usr_1' } = {}) => ({
  accessToken: `${name}.${btoa(JSON.stringify({ org, sub, roles, scopes: [] }))}.x`,
  refreshToken: name,
  expiresAt,
})

afterEach(() => vi.restoreAllMocks())

async function open(address = '/') {
  const page = { template: '<p />' }
  const routes = [
    { path: '/', component: page },
    { path: '/login', name: 'login', component: page, meta: { open: true } },
    { path: '/portal', component: page, meta: { portal: true } },
  ]
  const router = createRouter({ history: createMemoryHistory(), routes })
  await router.push(address)
  const shown = mount(defineComponent({ setup: () => useSessionEnd(), template: '<p />' }), {
    global: { plugins: [router] },
  })
  const left = vi.spyOn(location, 'assign').mockImplementation(() => {})
  const cleared = vi.spyOn(apollo, 'clearStore')
  return { shown, router, left, cleared }
}

it('starts the page anew, with nothing kept, when the session goes on in another organisation', async () => {
  keeper.open(sessionOf('org_1', 'a'))
  const { shown, left, cleared } = await open()
  keeper.open(sessionOf('org_1', 'b'))
  await flushPromises()
  expect([left, cleared].map(({ mock }) => mock.calls.length)).toEqual([0, 0])
  keeper.open(sessionOf('org_2', 'c'))
  await flushPromises()
  expect(cleared).toHaveBeenCalledOnce()
  expect(left).toHaveBeenCalledExactlyOnceWith('/')
  shown.unmount()
})

it('does the same when another tab went there, and shows the log-in when the session ends', async () => {
  keeper.open(sessionOf('org_1', 'a'))
  const { shown, router, left } = await open()
  localStorage.setItem('passerelle.session', JSON.stringify(sessionOf('org_2', 'b')))
  keeper.noticeOtherTab()
  await flushPromises()
  expect(left).toHaveBeenCalledExactlyOnceWith('/')
  keeper.close('expired')
  await flushPromises()
  expect(router.currentRoute.value).toMatchObject({ name: 'login', query: { ended: '1' } })
  keeper.open(sessionOf('org_1', 'c'))
  await flushPromises()
  expect(left).toHaveBeenCalledOnce()
  shown.unmount()
})

it('does the same when another tab logged somebody else in, in the same organisation', async () => {
  keeper.open(sessionOf('org_1', 'a'))
  const { shown, left, cleared } = await open()
  localStorage.setItem('passerelle.session', JSON.stringify(sessionOf('org_1', 'b', { sub: 'usr_2' })))
  keeper.noticeOtherTab()
  await flushPromises()
  expect(cleared).toHaveBeenCalledOnce()
  expect(left).toHaveBeenCalledExactlyOnceWith('/')
  shown.unmount()
})

it('asks again who is logged in when a renewed session may do other things, and not when it may do the same', async () => {
  keeper.open(sessionOf('org_1', 'a'))
  const { shown, left } = await open()
  const nothing = apollo.refetchQueries({ include: [] })
  const asked = vi.spyOn(apollo, 'refetchQueries').mockReturnValue(nothing)
  keeper.open(sessionOf('org_1', 'b'))
  await flushPromises()
  expect(asked).not.toHaveBeenCalled()
  keeper.open(sessionOf('org_1', 'c', { roles: ['VIEWER'] }))
  await flushPromises()
  expect(asked).toHaveBeenCalledOnce()
  expect(left).not.toHaveBeenCalled()
  shown.unmount()
})

it('leaves a page alone that was opened by a link, whatever becomes of the session beside it', async () => {
  keeper.open(sessionOf('org_1', 'a'))
  linkKeeper.open(sessionOf('org_1', 'link', { roles: [] }))
  const { shown, router, left } = await open('/portal')
  keeper.open(sessionOf('org_2', 'b'))
  keeper.close('expired')
  await flushPromises()
  expect([router.currentRoute.value.fullPath, left.mock.calls.length]).toEqual(['/portal', 0])
  shown.unmount()
})

it('shows the log-in when the session of a client with an account ends', async () => {
  linkKeeper.close('left')
  keeper.open(sessionOf('org_1', 'a', { roles: [] }))
  const { shown, router } = await open('/portal')
  keeper.close('expired')
  await flushPromises()
  expect(router.currentRoute.value).toMatchObject({ name: 'login', query: { next: '/portal', ended: '1' } })
  shown.unmount()
})
