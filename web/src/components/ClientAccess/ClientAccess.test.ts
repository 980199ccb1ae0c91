import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { DefaultApolloClient } from '@vue/apollo-composable'
import icons from '@nuxt/ui/runtime/vue/plugins/icons.js'
import UApp from '@nuxt/ui/components/App.vue'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { openBrowser } from '@/testing/browser'

let scopes: string[] = []
let isMailed = true
openBrowser({
  'Viewer.scopes': () => scopes,
  'ClientLink.state': () => 'ACTIVE',
  'ClientLink.label': () => 'Séjour de juillet',
  'ClientAccount.email': () => 'zoe@exemple.fr',
  'Mutation.createClientLink': () => ({ __typename: 'MadeClientLink' }),
  'MadeClientLink.url': () => 'https://maison.exemple/portal#le-secret',
  'MadeClientLink.isMailed': () => isMailed,
})

const { apollo } = await import('@/api/client')
const { i18n, speak, speakOfAll } = await import('@/i18n')
const { default: ClientAccess } = await import('./ClientAccess.vue')

const client = { id: 'cli_1', name: 'Mme Petit', email: 'petit@exemple.fr' }
const router = createRouter({
  history: createMemoryHistory(),
  routes: [{ path: '/', component: { render: () => null } }],
})
let shown: VueWrapper

beforeAll(() => Promise.all([speak('fr'), speakOfAll()]))
afterEach(() => shown.unmount())

async function settle() {
  await vi.dynamicImportSettled()
  for (let turn = 0; turn < 6; turn++) await flushPromises()
}

async function open(held: string[]) {
  scopes = held
  await apollo.clearStore()
  shown = mount(defineComponent({ render: () => h(UApp, () => h(ClientAccess, { client })) }), {
    attachTo: document.body.appendChild(document.createElement('div')),
    global: { plugins: [router, i18n, icons], provide: { [DefaultApolloClient]: apollo } },
  })
  await settle()
}

function button(name: string): HTMLButtonElement {
  const found = [...document.querySelectorAll('button')].find((each) => each.textContent.trim() === name)
  if (!found) throw new Error(`There is no button “${name}”.`)
  return found
}

async function press(name: string) {
  button(name).click()
  await settle()
}

/** Makes a link, sent by mail, and answers what the dialog says then. */
async function make(): Promise<string> {
  await press('Créer un lien')
  document.querySelector<HTMLElement>('#new-link [role=checkbox]')?.click()
  await settle()
  document.querySelector<HTMLFormElement>('#new-link')?.requestSubmit()
  await settle()
  return document.querySelector('[role=dialog]')?.textContent ?? ''
}

it('links are shown to who writes records, accounts to who manages members too, and to who does neither nothing', async () => {
  await open(['record:read'])
  expect(shown.text()).not.toContain('Accès au portail')
  shown.unmount()
  await open(['record:read', 'record:write'])
  expect(shown.text()).toContain('Séjour de juillet')
  expect(shown.text()).not.toContain('zoe@exemple.fr')
  shown.unmount()
  await open(['record:read', 'record:write', 'member:manage'])
  expect(shown.text()).toContain('zoe@exemple.fr')
})

it('the address of a link is shown once, when it is made, and said to go to the client', async () => {
  isMailed = true
  await open(['record:read', 'record:write'])
  expect(await make()).toContain('Le lien part à petit@exemple.fr')
  expect(document.querySelector('textarea')?.value).toBe('https://maison.exemple/portal#le-secret')
  await press('Terminer')
  expect(document.querySelector('textarea')).toBeNull()
  expect(document.body.innerHTML).not.toContain('le-secret')
})

it('where the house sends no letters, whoever makes a link is told to hand it over', async () => {
  isMailed = false
  await open(['record:read', 'record:write'])
  expect(await make()).toContain('Transmettez l’adresse vous-même')
})

it('a link is revoked once that is confirmed', async () => {
  await open(['record:read', 'record:write'])
  await press('Révoquer')
  const dialog = document.querySelector('[role=dialog]')
  expect(dialog?.textContent).toContain('Les pages ouvertes par ce lien se ferment aussitôt')
  const confirm = [...(dialog?.querySelectorAll('button') ?? [])].find((each) => each.textContent.trim() === 'Révoquer')
  confirm?.click()
  await settle()
  expect(document.body.textContent).toContain('« Séjour de juillet » est révoqué.')
})
