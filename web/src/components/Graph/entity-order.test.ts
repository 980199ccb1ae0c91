import { mount } from '@vue/test-utils'
import { DefaultApolloClient } from '@vue/apollo-composable'
import { beforeAll, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import icons from '@nuxt/ui/runtime/vue/plugins/icons.js'
import { EntitiesDocument, EntityMentionsDocument, EntityTimelineDocument } from '@/gql/graphql'
import { openBrowser } from '@/testing/browser'
import { holdBack, settle } from '@/testing/hold-back'

openBrowser({
  'Query.entities': (_field, { search }) => ({ nodes: [{ id: `ent_${search}`, name: search }] }),
  'Query.entity': (_field, { id }) => ({
    id,
    mentions: { nodes: [{ excerpt: `passage de ${id}` }] },
    timeline: {
      nodes: [
        {
          at: '2026-11-20T10:00:00.000Z',
          kind: 'MENTION',
          what: 'MENTIONS',
          record: null,
          document: { id: 'doc_1', title: `moment de ${id}` },
        },
      ],
    },
  }),
  'MonthActivity.month': () => '2026-11',
  'PageInfo.hasNextPage': () => false,
})
const { apollo } = await import('@/api/client')
const { i18n, speak, speakOfAll } = await import('@/i18n')
const { default: EntityMentions } = await import('./EntityMentions.vue')
const { default: EntityPicker } = await import('./EntityPicker.vue')
const { default: EntityTimeline } = await import('./EntityTimeline.vue')
const searches = holdBack(EntitiesDocument)
const lists = [holdBack(EntityMentionsDocument), holdBack(EntityTimelineDocument)]

beforeAll(() => Promise.all([speak('fr'), speakOfAll()]))

function around() {
  const page = { render: () => null }
  const routes = ['document', 'shipment', 'client', 'graph'].map((name) => ({
    path: `/${name}/:id`,
    name,
    component: page,
  }))
  const router = createRouter({ history: createMemoryHistory(), routes })
  return { plugins: [router, i18n, icons], provide: { [DefaultApolloClient]: apollo } }
}

it('Enter that comes before what was typed is found takes that, not what was found for fewer letters', async () => {
  const picker = mount(EntityPicker, {
    props: { modelValue: undefined, label: 'Qui' },
    attachTo: document.body,
    global: around(),
  })
  const taken = () =>
    (picker.emitted<[{ id: string } | undefined]>('update:modelValue') ?? []).flatMap(([one]) => one?.id ?? [])
  const input = picker.get('input')
  await input.setValue('An')
  await vi.waitFor(() => expect(searches).toHaveLength(1))
  await searches[0]?.answer()
  await input.setValue('Anne')
  await input.trigger('keydown', { key: 'Enter' })
  expect(taken()).toEqual([])
  await vi.waitFor(() => expect(searches).toHaveLength(2))
  expect(taken()).toEqual([])
  await searches[1]?.answer()
  expect(taken()).toEqual(['ent_Anne'])
})

it('nothing that one entity did, or is mentioned in, stands under the next while that is asked for', async () => {
  const filter = { types: [], relations: [], since: '', until: '' }
  for (const [index, component] of [EntityMentions, EntityTimeline].entries()) {
    const list = mount(component, { props: { id: 'ent_a', filter }, attachTo: document.body, global: around() })
    await settle()
    await lists[index]?.[0]?.answer()
    expect(list.text()).toContain('ent_a')
    await list.setProps({ id: 'ent_b' })
    await settle()
    expect(list.text()).not.toContain('ent_a')
    await lists[index]?.[1]?.answer()
    expect(list.text()).toContain('ent_b')
    list.unmount()
  }
})
