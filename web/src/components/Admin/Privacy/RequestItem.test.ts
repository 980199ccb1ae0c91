import { mount } from '@vue/test-utils'
import icons from '@nuxt/ui/runtime/vue/plugins/icons.js'
import UApp from '@nuxt/ui/components/App.vue'
import { expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { PrivacyRequestPartsFragment } from '@/gql/graphql'
import { i18n, speak, speakOfAll } from '@/i18n'
import RequestItem from './RequestItem.vue'

const failed: PrivacyRequestPartsFragment = {
  id: 'prv_1',
  kind: 'ORGANIZATION_EXPORT',
  state: 'FAILED',
  failure: 'TOO_LARGE',
  choice: null,
  createdAt: '2026-11-20T10:00:00Z',
  dueAt: null,
  finishedAt: '2026-11-20T11:00:00Z',
  approvalId: null,
  archiveUrl: null,
  archiveExpiresAt: null,
  receipt: null,
  requestedBy: null,
  approvedBy: null,
}

it('says that an export has failed, and why, in both languages', async () => {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/', component: { render: () => null } }],
  })
  for (const [language, words] of [
    ['fr', ['Échec', 'dépasserait 64 Go']],
    ['en', ['Failed', 'larger than 64 GB']],
  ] as const) {
    await Promise.all([speak(language), speakOfAll()])
    const shown = mount(defineComponent({ render: () => h(UApp, () => h(RequestItem, { request: failed })) }), {
      global: { plugins: [router, i18n, icons] },
    })
    for (const word of words) expect(shown.text()).toContain(word)
    expect(shown.findAll('button, a')).toEqual([])
    shown.unmount()
  }
})
