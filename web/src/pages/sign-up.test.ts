import { flushPromises, mount } from '@vue/test-utils'
import { DefaultApolloClient } from '@vue/apollo-composable'
import { beforeAll, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import icons from '@nuxt/ui/runtime/vue/plugins/icons.js'
import UApp from '@nuxt/ui/components/App.vue'
import { openBrowser } from '@/testing/browser'

let isOpen = true
openBrowser({ 'Query.isSignUpOpen': () => isOpen })

const { apollo } = await import('@/api/client')
const { i18n, speak } = await import('@/i18n')
const { router: appRouter } = await import('@/router')

beforeAll(() => speak('fr'))

async function textOf(address: string): Promise<string> {
  await apollo.clearStore()
  const router = createRouter({ history: createMemoryHistory(), routes: appRouter.options.routes })
  await router.push(address)
  const shown = mount(defineComponent({ render: () => h(UApp, () => h(RouterView)) }), {
    attachTo: document.body.appendChild(document.createElement('div')),
    global: { plugins: [router, i18n, icons], provide: { [DefaultApolloClient]: apollo } },
  })
  await vi.dynamicImportSettled()
  for (let turn = 0; turn < 6; turn++) await flushPromises()
  const text = shown.text()
  shown.unmount()
  return text
}

it('an account is offered where strangers may open one, and where they may not it is said who lets people in', async () => {
  expect(await textOf('/login')).toContain('Créer un compte')
  expect(await textOf('/signup')).toContain('Nom de l’organisation')
  isOpen = false
  expect(await textOf('/login')).not.toContain('Créer un compte')
  const closed = await textOf('/signup')
  expect(closed).toContain('Demandez une invitation')
  expect(closed).not.toContain('Nom de l’organisation')
})
