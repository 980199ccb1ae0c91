import { mount, type VueWrapper } from '@vue/test-utils'
import { DefaultApolloClient } from '@vue/apollo-composable'
import icons from '@nuxt/ui/runtime/vue/plugins/icons.js'
import UApp from '@nuxt/ui/components/App.vue'
import { beforeAll, expect, it, vi } from 'vitest'
import { defineComponent, h, type Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { PersonalDataDocument, RetentionPreviewDocument, type RetentionRulePartsFragment } from '@/gql/graphql'
import { openBrowser } from '@/testing/browser'
import { holdBack, settle } from '@/testing/hold-back'

interface Subject {
  emails: string[]
}

openBrowser({
  'Query.personalData': (_field, { subject }) =>
    (subject as Subject).emails.map((email) => ({ count: email.length, kept: null })),
  'Query.retentionPreview': (_field, { days }) => 10_000 - Number(days),
})
const { apollo } = await import('@/api/client')
const { i18n, speak, speakOfAll } = await import('@/i18n')
const { default: PersonSearch } = await import('./PersonSearch.vue')
const { default: RetentionItem } = await import('./RetentionItem.vue')
const [searches, previews] = [holdBack(PersonalDataDocument), holdBack(RetentionPreviewDocument)]

beforeAll(() => Promise.all([speak('fr'), speakOfAll()]))

async function open(component: Component, props: object = {}): Promise<VueWrapper> {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/', component: { render: () => null } }],
  })
  const shown = mount(defineComponent({ render: () => h(UApp, () => h(component, props)) }), {
    attachTo: document.body.appendChild(document.createElement('div')),
    global: { plugins: [router, i18n, icons], provide: { [DefaultApolloClient]: apollo } },
  })
  await vi.dynamicImportSettled()
  await settle()
  return shown
}

async function lookFor(shown: VueWrapper, email: string) {
  await shown.get('#person-search input').setValue(email)
  await shown.get('#person-search').trigger('submit')
  await settle()
}

const buttons = (shown: VueWrapper) => shown.findAll('button').map((button) => button.text())

it('what was found of somebody is not shown, and cannot be erased, under the name that was typed since', async () => {
  const shown = await open(PersonSearch)
  await lookFor(shown, 'anne@exemple.fr')
  await shown.get('#person-search input').setValue('bo@exemple.fr')
  await searches.at(-1)?.answer()
  expect(shown.find('ul').exists()).toBe(false)
  expect(buttons(shown)).toEqual(['Rechercher'])
  expect(shown.get('#person-search button').attributes('disabled')).toBeUndefined()
})

it('of two searches under way the last one asked for is shown, whichever comes last, and its failure is not another’s', async () => {
  const shown = await open(PersonSearch)
  await lookFor(shown, 'anne@exemple.fr')
  await lookFor(shown, 'bo@exemple.fr')
  const [anne, bo] = searches.slice(-2)
  await bo?.answer()
  await anne?.lose()
  expect(shown.get('li').text()).toContain('13')
  expect(shown.find('[role=alert]').exists()).toBe(false)
})

const rule: RetentionRulePartsFragment = {
  setAt: null,
  noun: 'conversation',
  days: null,
  legalMinimumDays: 0,
  appliedAt: null,
  removed: 0,
}

it('what would go by other days is not told of those that stand in the field', async () => {
  const shown = await open(RetentionItem, { rule })
  const input = shown.get('input')
  const preview = () => shown.findAll('button')[0]?.trigger('click')
  await input.setValue('3650')
  await preview()
  await settle()
  await input.setValue('30')
  await settle()
  await previews[0]?.answer()
  expect(shown.find('[role=status]').exists()).toBe(false)
  await preview()
  await settle()
  await input.setValue('31')
  await preview()
  await settle()
  await previews[2]?.answer()
  await previews[1]?.answer()
  expect(shown.get('[role=status]').text()).toMatch(/9\s?969/)
})
