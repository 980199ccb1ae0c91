import { flushPromises, mount } from '@vue/test-utils'
import { DefaultApolloClient } from '@vue/apollo-composable'
import { beforeAll, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import icons from '@nuxt/ui/runtime/vue/plugins/icons.js'
import UApp from '@nuxt/ui/components/App.vue'
import { EntityPlacesDocument } from '@/gql/graphql'
import { openBrowser } from '@/testing/browser'
import { holdBack, settle } from '@/testing/hold-back'

openBrowser({
  'Query.document': (_field, { id }) => ({ id }),
  'Query.entity': (_field, { id }) => ({ id }),
  'Document.contentType': () => 'text/plain',
  'Document.pageCount': () => 1,
  'Page.number': () => 1,
  'Mention.relation': () => 'MENTIONS',
  'IngestionStatus.stage': () => 'READY',
  'IngestionStatus.degraded': () => [],
  'PageInfo.hasNextPage': () => false,
})
const { apollo } = await import('@/api/client')
const { i18n, speak, speakOfAll } = await import('@/i18n')
const { default: DocumentPages } = await import('@/components/Reader/DocumentPages.vue')
const { default: ReaderPanel } = await import('@/components/Reader/ReaderPanel.vue')
const { default: ReaderPage } = await import('./ReaderPage.vue')
const places = holdBack(EntityPlacesDocument)

beforeAll(() => Promise.all([speak('fr'), speakOfAll()]))

async function open(address: string) {
  const nothing = { render: () => null }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/documents/:id', component: ReaderPage, props: true },
      ...['documents', 'ask', 'graph'].map((name) => ({ path: `/${name}`, name, component: nothing })),
    ],
  })
  await router.push(address)
  vi.stubGlobal('matchMedia', () => Object.assign(new EventTarget(), { matches: true }))
  places.length = 0
  const shown = mount(defineComponent({ render: () => h(UApp, () => h(RouterView)) }), {
    attachTo: document.body.appendChild(document.createElement('div')),
    global: { plugins: [router, i18n, icons], provide: { [DefaultApolloClient]: apollo } },
  })
  await vi.dynamicImportSettled()
  await settle()
  const choose = async (id: string, name = id) => {
    shown.getComponent(ReaderPanel).vm.$emit('choose', { id, name })
    await flushPromises()
  }
  /** What is lit up: of whom, and how many places. */
  const lit = () => {
    const { label, passages } = shown.getComponent(DocumentPages).props()
    return [label, passages.length]
  }
  const go = async (to: string) => {
    await router.push(to)
    await settle()
  }
  return { choose, lit, go }
}

it('the places of the entity that was chosen last are shown, whichever answer comes last', async () => {
  const { choose, lit } = await open('/documents/doc_1')
  await choose('ent_a')
  await choose('ent_b')
  await places[1]?.answer()
  await places[0]?.answer()
  expect(lit()).toEqual(['ent_b', 2])
})

it('what was cleared away, or replaced by another passage, is not lit up by an answer that comes later', async () => {
  const { choose, lit } = await open('/documents/doc_1')
  await choose('ent_a')
  await places[0]?.answer()
  await choose('ent_b')
  await choose('ent_a')
  expect(lit()).toEqual([undefined, 0])
  await places[1]?.answer()
  expect(lit()).toEqual([undefined, 0])
})

it('nothing of one document is lit up in the next, neither what was nor what is still asked for', async () => {
  const { choose, lit, go } = await open('/documents/doc_1')
  await choose('ent_a')
  await places[0]?.answer()
  await choose('ent_b')
  await go('/documents/doc_2')
  expect(lit()).toEqual([undefined, 0])
  await places[1]?.answer()
  expect(lit()).toEqual([undefined, 0])
})

it('the same entity is looked for again in the next document', async () => {
  const { lit, go } = await open('/documents/doc_1?entity=ent_a')
  await places[0]?.answer()
  expect(lit()).toEqual(['', 2])
  await go('/documents/doc_2?entity=ent_a')
  expect(places[1]?.variables['documentId']).toBe('doc_2')
  await places[1]?.answer()
  expect(lit()).toEqual(['', 2])
})
