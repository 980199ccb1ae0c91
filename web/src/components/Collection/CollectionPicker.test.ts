import { flushPromises, mount } from '@vue/test-utils'
import { DefaultApolloClient } from '@vue/apollo-composable'
import icons from '@nuxt/ui/runtime/vue/plugins/icons.js'
import UApp from '@nuxt/ui/components/App.vue'
import { beforeAll, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { AddToCollectionDocument, CreateCollectionDocument } from '@/gql/graphql'
import { openBrowser } from '@/testing/browser'
import { holdBack, settle } from '@/testing/hold-back'

openBrowser({
  'Query.collections': () => ({ __typename: 'CollectionsConnection', nodes: [] }),
  'Mutation.createCollection': () => ({ __typename: 'Collection' }),
  'Mutation.addToCollection': () => ({ __typename: 'Collection' }),
})
const [makings, additions] = [holdBack(CreateCollectionDocument), holdBack(AddToCollectionDocument)]

const { apollo } = await import('@/api/client')
const { i18n, speak, speakOfAll } = await import('@/i18n')
const { default: CollectionPicker } = await import('./CollectionPicker.vue')

const router = createRouter({
  history: createMemoryHistory(),
  routes: [{ path: '/', component: { render: () => null } }],
})

beforeAll(() => Promise.all([speak('fr'), speakOfAll()]))

it('makes one collection however often Enter is pressed, and another once that is done', async () => {
  const shown = mount(
    defineComponent({
      render: () => h(UApp, () => h(CollectionPicker, { open: true, documentIds: ['doc_1'] })),
    }),
    {
      attachTo: document.body.appendChild(document.createElement('div')),
      global: { plugins: [router, i18n, icons], provide: { [DefaultApolloClient]: apollo } },
    },
  )
  await vi.dynamicImportSettled()
  await settle()
  const form = document.querySelector<HTMLFormElement>('[role=dialog] form')
  const input = form?.querySelector('input')
  const write = async (name: string) => {
    if (!input) throw new Error('There is nothing to write in.')
    input.value = name
    input.dispatchEvent(new Event('input'))
    await flushPromises()
  }
  const enter = () => form?.dispatchEvent(new Event('submit', { cancelable: true }))

  await write('Douane')
  enter()
  enter()
  await settle()
  enter()
  expect(makings.map(({ variables }) => variables['name'])).toEqual(['Douane'])
  await makings[0]?.answer()
  enter()
  await settle()
  expect([makings.length, additions.length]).toEqual([1, 1])
  await additions[0]?.answer()
  await write('Litiges')
  enter()
  await settle()
  expect(makings.map(({ variables }) => variables['name'])).toEqual(['Douane', 'Litiges'])
  shown.unmount()
})
