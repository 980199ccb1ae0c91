import { mount } from '@vue/test-utils'
import { DefaultApolloClient } from '@vue/apollo-composable'
import { beforeAll, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import icons from '@nuxt/ui/runtime/vue/plugins/icons.js'
import UApp from '@nuxt/ui/components/App.vue'
import { openBrowser } from '@/testing/browser'
import { settle } from '@/testing/hold-back'

openBrowser({ 'Query.document': (_field, { id }) => ({ id, title: `Titre de ${id}` }) })
const { apollo } = await import('@/api/client')
const { i18n, speak, speakOfAll } = await import('@/i18n')
const { default: DocumentPicker } = await import('@/components/Ask/DocumentPicker.vue')
const { default: AskPage } = await import('./AskPage.vue')

beforeAll(() => Promise.all([speak('fr'), speakOfAll()]))

it('the document that a question came with is picked once: what the person picks then stands', async () => {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/ask/:id?', name: 'ask', component: AskPage, props: true }],
  })
  await router.push('/ask?document=doc_1')
  const shown = mount(defineComponent({ render: () => h(UApp, () => h(RouterView)) }), {
    attachTo: document.body.appendChild(document.createElement('div')),
    global: { plugins: [router, i18n, icons], provide: { [DefaultApolloClient]: apollo } },
  })
  await vi.dynamicImportSettled()
  await settle()
  const picker = shown.getComponent(DocumentPicker)
  const picked = () => (picker.props('modelValue') as { label: string }[]).map(({ label }) => label)
  expect(picked()).toEqual(['Titre de doc_1'])
  picker.vm.$emit('update:modelValue', [])
  apollo.cache.modify({ id: 'Document:doc_1', fields: { title: () => 'Autre titre' } })
  await settle()
  expect(picked()).toEqual([])
  await router.push('/ask?document=doc_2')
  await settle()
  expect(picked()).toEqual(['Titre de doc_2'])
})
