import icons from '@nuxt/ui/runtime/vue/plugins/icons.js'
import UApp from '@nuxt/ui/components/App.vue'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import { openBrowser } from '@/testing/browser'
import { PortalAddMessageDocument, PortalCreateRequestDocument } from '@/gql/graphql'
import { nameOfDocument } from '@/api/document-name'

openBrowser({ 'Organization.name': () => 'Clés d’Azur', 'ServiceRequest.status': () => 'NEW' })
const { linkKeeper } = await import('@/api/link')
const { i18n, speak, speakOfPortal } = await import('@/i18n')
const { portalRoutes } = await import('@/pages/portal/routes')
const answering = globalThis.fetch

beforeAll(() => Promise.all([speak('fr'), speakOfPortal()]))
beforeEach(() => {
  sessionStorage.clear()
  globalThis.fetch = answering
})
afterEach(() => vi.restoreAllMocks())

async function settle() {
  for (let turn = 0; turn < 8; turn++) await flushPromises()
  await vi.dynamicImportSettled()
  await flushPromises()
}

async function open(address: string, { linked = true } = {}) {
  if (linked)
    linkKeeper.open({ accessToken: 'a', refreshToken: 'l', expiresAt: new Date(Date.now() + 6e5).toISOString() })
  const login = { path: '/login', name: 'login', component: { template: '<p />' } }
  const router = createRouter({ history: createMemoryHistory(), routes: [portalRoutes, login] })
  await router.push(address)
  const shown = mount(defineComponent({ render: () => h(UApp, () => h(RouterView)) }), {
    attachTo: document.body.appendChild(document.createElement('div')),
    global: { plugins: [router, i18n, icons] },
  })
  await settle()
  return { shown, router }
}

const heading = (shown: Awaited<ReturnType<typeof open>>['shown']) => shown.get('h1').text()

describe('the door of the portal', () => {
  it('says what opens it to who has no link, and leads to a log-in that leads back', async () => {
    localStorage.clear()
    const { shown, router } = await open('/portal/stays', { linked: false })
    expect(heading(shown)).toBe('Votre espace s’ouvre par votre lien')
    await shown.get('a[href^="/login"]').trigger('click')
    await settle()
    expect(router.currentRoute.value.query).toEqual({ next: '/portal/stays' })
  })

  it('says whom to ask for another link when it holds no more, and shows nothing of before', async () => {
    const { shown } = await open('/portal')
    expect(shown.text()).toContain('Clés d’Azur')
    linkKeeper.close('expired')
    await settle()
    expect(heading(shown)).toBe('Ce lien n’est plus valable')
    expect(shown.text()).toContain('Demandez un nouveau lien à Clés d’Azur.')
    expect(shown.find('nav').exists()).toBe(false)
    expect(document.title).toBe('Votre espace · Passerelle')
  })

  it('begins anew with another link in the same tab, and with the same one for who had left', async () => {
    const expiresAt = new Date(Date.now() + 6e5).toISOString()
    const { shown } = await open('/portal')
    const before = shown.get('main').element
    linkKeeper.open({ accessToken: 'a2', refreshToken: 'l', expiresAt })
    await settle()
    expect(shown.get('main').element).toBe(before)
    linkKeeper.open({ accessToken: 'b', refreshToken: 'another', expiresAt })
    await settle()
    expect(shown.get('main').element).not.toBe(before)
    linkKeeper.close('left')
    await settle()
    expect(heading(shown)).toBe('Vous avez quitté votre espace')
    linkKeeper.open({ accessToken: 'b', refreshToken: 'another', expiresAt })
    await settle()
    expect(shown.find('nav').exists()).toBe(true)
  })

  it('forgets whose it was when somebody leaves', async () => {
    const { shown } = await open('/portal/account')
    await shown
      .findAll('button')
      .find((button) => button.text() === 'Quitter')
      ?.trigger('click')
    await settle()
    expect(heading(shown)).toBe('Vous avez quitté votre espace')
    expect(JSON.stringify({ ...sessionStorage })).not.toMatch(/passerelle|Azur/)
  })
})

type Answer = Record<string, { __typename: string }>

/** Loses the answers to one document until they are mended, and answers `done` from then on; what it was sent with. */
function loseAnswersOf(document: Parameters<typeof nameOfDocument>[0], done: Answer) {
  const sent: { input: Record<string, unknown> }[] = []
  let lost = true
  globalThis.fetch = async (address, init) => {
    const body = JSON.parse(String(init?.body)) as {
      extensions?: { persistedQuery?: { sha256Hash: string } }
      variables: { input: Record<string, unknown> }
    }
    if (body.extensions?.persistedQuery?.sha256Hash !== nameOfDocument(document)) return answering(address, init)
    sent.push(body.variables)
    if (lost) throw new TypeError('unreachable')
    return new Response(JSON.stringify({ data: done }), { headers: { 'content-type': 'application/json' } })
  }
  return { sent, mend: () => (lost = false) }
}

const message = {
  __typename: 'ServiceRequestMessage',
  id: 'msg_1',
  author: 'CLIENT',
  text: 'Bonjour',
  createdAt: '2026-11-20T10:00:00.000Z',
}
const request = { __typename: 'ServiceRequest', id: 'req_9' }

describe('what a client sends', () => {
  it('is the same message when its answer was lost and it is sent again, and stays in the field until then', async () => {
    const { shown } = await open('/portal/requests/req_1')
    const { sent, mend } = loseAnswersOf(PortalAddMessageDocument, { addServiceRequestMessage: message })
    const field = shown.get('textarea')
    const form = shown.get('form')
    await field.setValue('Bonjour')
    await form.trigger('submit')
    await form.trigger('submit')
    await settle()
    expect(shown.text()).toContain('Le serveur n’a pas répondu.')
    expect(field.element.value).toBe('Bonjour')
    mend()
    await form.trigger('submit')
    await settle()
    expect(field.element.value).toBe('')
    await field.setValue('Bonjour')
    await form.trigger('submit')
    await settle()
    const keys = sent.map(({ input }) => input['requestKey'])
    expect(keys).toHaveLength(3)
    expect(keys[0]).toBe(keys[1])
    expect(keys[2]).not.toBe(keys[1])
  })

  it('is one request however often it is sent', async () => {
    const { shown, router } = await open('/portal/requests/new')
    const { sent, mend } = loseAnswersOf(PortalCreateRequestDocument, { createServiceRequest: request })
    await shown.get('input').setValue('  Un lit bébé ')
    const form = shown.get('form')
    await form.trigger('submit')
    await form.trigger('submit')
    await settle()
    mend()
    await form.trigger('submit')
    await settle()
    expect(sent.map(({ input }) => input['title'])).toEqual(['Un lit bébé', 'Un lit bébé'])
    expect(new Set(sent.map(({ input }) => input['requestKey'])).size).toBe(1)
    expect(router.currentRoute.value.name).toBe('portal-request')
  })

  it('is told what is missing at the field, and sent nowhere', async () => {
    const { shown } = await open('/portal/requests/new')
    const { sent } = loseAnswersOf(PortalCreateRequestDocument, { createServiceRequest: request })
    await shown.get('form').trigger('submit')
    await settle()
    expect(shown.text()).toContain('À remplir.')
    expect(sent).toEqual([])
  })
})
