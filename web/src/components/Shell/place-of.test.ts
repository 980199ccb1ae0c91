import { mount } from '@vue/test-utils'
import { DefaultApolloClient } from '@vue/apollo-composable'
import { beforeAll, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import icons from '@nuxt/ui/runtime/vue/plugins/icons.js'
import UApp from '@nuxt/ui/components/App.vue'
import { PaletteDocumentsDocument, ShipmentDocument } from '@/gql/graphql'
import { openBrowser } from '@/testing/browser'
import { holdBack, settle } from '@/testing/hold-back'

openBrowser({
  'Query.shipment': (_field, { id }) => ({ id, trackingNumber: `COLIS-${id}` }),
  'Organization.id': () => 'org_1',
  'Viewer.scopes': () => ['record:write', 'answer:ask'],
  'Shipment.events': () => ({ nodes: [] }),
})
const { apollo } = await import('@/api/client')
const { i18n, speak, speakOfAll } = await import('@/i18n')
const { router: appRouter } = await import('@/router')
const [shipments, findings] = [holdBack(ShipmentDocument), holdBack(PaletteDocumentsDocument)]

beforeAll(() => Promise.all([speak('fr'), speakOfAll()]))

async function open(address: string) {
  const router = createRouter({ history: createMemoryHistory(), routes: appRouter.options.routes })
  await router.push(address)
  const shown = mount(defineComponent({ render: () => h(UApp, () => h(RouterView)) }), {
    attachTo: document.body.appendChild(document.createElement('div')),
    global: { plugins: [router, i18n, icons], provide: { [DefaultApolloClient]: apollo } },
  })
  await vi.dynamicImportSettled()
  await settle()
  const go = async (to: string) => {
    await router.push(to)
    await vi.dynamicImportSettled()
    await settle()
  }
  return { shown, go }
}

const button = (name: RegExp) => [...document.querySelectorAll('button')].find((each) => name.test(each.textContent))

it('the page of another record shows nothing of the one before, not even a form that was open', async () => {
  const { shown, go } = await open('/shipments/shp_1')
  await shipments.at(-1)?.answer()
  expect(shown.get('h1').text()).toBe('COLIS-shp_1')
  button(/Modifier/)?.click()
  await vi.dynamicImportSettled()
  await settle()
  expect(document.querySelector('[role=dialog]')).not.toBeNull()
  await go('/shipments/shp_2')
  expect(shown.text()).not.toContain('COLIS-shp_1')
  await shipments.at(-1)?.answer()
  expect(shown.get('h1').text()).toBe('COLIS-shp_2')
  await vi.waitFor(() => expect(document.querySelector('[role=dialog]')).toBeNull())
})

it('a list goes on when its filter changes, and a question when it becomes a conversation', async () => {
  for (const [from, to] of [
    ['/shipments', '/shipments?q=colis'],
    ['/ask', '/ask/cnv_1'],
  ] as const) {
    const { shown, go } = await open(from)
    const before = shown.get('h1').element
    await go(to)
    expect(shown.get('h1').element).toBe(before)
    shown.unmount()
  }
})

it('the palette is done searching once too little is typed to search for', async () => {
  const { usePalette } = await import('./usePalette')
  const { ref } = await import('vue')
  const term = ref('')
  const palette = mount(
    defineComponent({ setup: () => usePalette(term), template: '<p>{{ searching }} {{ groups.length }}</p>' }),
    { global: { plugins: [i18n] } },
  )
  term.value = 'colis'
  await vi.waitFor(() => expect(findings).toHaveLength(1))
  expect(palette.text()).toContain('true')
  term.value = 'c'
  await vi.waitFor(() => expect(palette.text()).toContain('false'))
  await findings[0]?.answer()
  expect(palette.text()).toBe('false 2')
})
