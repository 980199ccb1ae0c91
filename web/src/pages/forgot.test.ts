import { mount } from '@vue/test-utils'
import { DefaultApolloClient } from '@vue/apollo-composable'
import icons from '@nuxt/ui/runtime/vue/plugins/icons.js'
import UApp from '@nuxt/ui/components/App.vue'
import { beforeAll, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { openBrowser } from '@/testing/browser'
import { settle } from '@/testing/hold-back'

openBrowser({
  'Mutation.requestPasswordReset': () => ({ __typename: 'InvalidInput' }),
  'InvalidInput.path': () => ['email'],
})

const { apollo } = await import('@/api/client')
const { i18n, speak, speakOfAll } = await import('@/i18n')
const { default: ForgotPage } = await import('./ForgotPage.vue')
const { router: appRouter } = await import('@/router')

beforeAll(() => Promise.all([speak('fr'), speakOfAll()]))

async function open() {
  const router = createRouter({ history: createMemoryHistory(), routes: appRouter.options.routes })
  await router.push('/forgot')
  const shown = mount(defineComponent({ render: () => h(UApp, () => h(ForgotPage)) }), {
    attachTo: document.body.appendChild(document.createElement('div')),
    global: { plugins: [router, i18n, icons], provide: { [DefaultApolloClient]: apollo } },
  })
  await vi.dynamicImportSettled()
  return shown
}

it('who asks for a link with what is no address is told so, and nothing of accounts', async () => {
  const shown = await open()
  await shown.find('input').setValue('pas-une-adresse')
  await shown.find('form').trigger('submit')
  await settle()
  expect(shown.find('[role=alert]').text()).toBe('Cette adresse n’est pas valable.')
  expect(shown.text()).not.toContain('déjà un compte')
  shown.unmount()
})

it('the keyboard comes to the first field that is wrong', async () => {
  const shown = await open()
  shown.find<HTMLButtonElement>('button[type=submit]').element.focus()
  await shown.find('form').trigger('submit')
  await settle()
  expect(document.activeElement).toBe(shown.find('input').element)
  shown.unmount()
})
