import { flushPromises, mount } from '@vue/test-utils'
import { DefaultApolloClient } from '@vue/apollo-composable'
import axe from 'axe-core'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import icons from '@nuxt/ui/runtime/vue/plugins/icons.js'
import UApp from '@nuxt/ui/components/App.vue'
import { openBrowser } from '@/testing/browser'

openBrowser({
  // One organisation, however often it is asked for: its pages would else read each other anew without end.
  'Organization.id': () => 'org_1',
  'Permission.scope': () => 'document:read',
  'RolePolicy.scopes': () => ['document:read'],
  'Document.contentType': () => 'text/plain',
  'Document.pageCount': () => 1,
  'Page.number': () => 1,
  'MonthActivity.month': () => '2026-11',
  'Entity.record': () => ({ __typename: 'Shipment' }),
  'IngestionStatus.stage': () => 'READY',
  'IngestionStatus.degraded': () => [],
  'Approval.hindrance': () => null,
  'ApprovalKind.payloadSchema': () => ({ properties: { title: { type: 'string' }, loud: { type: 'boolean' } } }),
  'Webhook.url': () => 'https://erp.exemple.fr/hook',
  'Notification.link': () => '/documents/id_1',
  'NotificationSettings.timeZone': () => 'Europe/Paris',
  'Viewer.scopes': () => [
    'answer:ask',
    'question:answer',
    'job:manage',
    'model:manage',
    'document:write',
    'record:write',
    'member:manage',
    'approval:read',
    'approval:decide',
    'audit:read',
    'privacy:manage',
    'organization:manage',
    'webhook:manage',
    'workflow:run',
  ],
})

const { apollo } = await import('@/api/client')
const { i18n, speak, speakOfAll, speakOfPortal } = await import('@/i18n')
const { router: appRouter } = await import('@/router')

const addresses = new Map(
  appRouter
    .getRoutes()
    .filter(({ name }) => name)
    .map(({ name, path }) => [
      String(name),
      path
        .replace(/:id\?/, '')
        .replace(':id', 'id_1')
        .replace(/:rest.*/, 'nowhere'),
    ]),
)

/** Pages that show something else by what their address says. */
for (const tab of ['documents', 'neighbours', 'coMentions', 'timeline'])
  addresses.set(`graph, ${tab} of an entity`, `/graph?entity=id_1&to=id_2&view=list&around=PERSON&tab=${tab}`)

addresses.set('reset, by a link', '/reset?token=un-lien')
addresses.set('invitation, by a link', '/invitation?token=un-lien')
addresses.set('documents, of a collection', '/documents?collection=id_1')
addresses.set('search, of a collection and two parties', '/search?q=mot&collection=id_1&entity=id_1,id_2')

/** Contrast needs pixels and is measured in a real browser; landmarks are the shell's. */
const rules = { 'color-contrast': { enabled: false }, region: { enabled: false } }

async function open(address: string) {
  const router = createRouter({ history: createMemoryHistory(), routes: appRouter.options.routes })
  await router.push(address)
  const host = document.body.appendChild(document.createElement('div'))
  const shown = mount(defineComponent({ render: () => h(UApp, () => h(RouterView)) }), {
    attachTo: host,
    global: { plugins: [router, i18n, icons], provide: { [DefaultApolloClient]: apollo } },
  })
  for (let turn = 0; turn < 6; turn++) await flushPromises()
  await vi.dynamicImportSettled()
  await flushPromises()
  return shown
}

beforeAll(() => Promise.all([speak('fr'), speakOfAll(), speakOfPortal()]))

describe('every page', () => {
  it.each([...addresses])(
    '%s is shown without a warning and without a violation that axe can see',
    async (_name, address) => {
      const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
      const shown = await open(address)
      expect(shown.find('h1').exists()).toBe(true)
      const { violations } = await axe.run(shown.element.parentElement ?? document.body, { rules })
      expect(violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html}`)).toEqual([])
      expect(warn.mock.calls.map(([text]) => String(text)).filter((text) => /^\[(Vue|intlify)/.test(text))).toEqual([])
      warn.mockRestore()
    },
  )
})
