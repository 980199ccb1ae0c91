import { mount } from '@vue/test-utils'
import { DefaultApolloClient } from '@vue/apollo-composable'
import { beforeEach, expect, it } from 'vitest'
import { defineComponent, ref } from 'vue'
import { ShipmentsDocument } from '@/gql/graphql'
import { openBrowser } from '@/testing/browser'
import { holdBack, settle } from '@/testing/hold-back'

/** The newest shipment there is; each page has two. */
let newest = 2
openBrowser({
  'Query.shipments': (_field, { after }) => {
    const first = after ? Number(after) - 1 : newest
    return {
      nodes: [first, first - 1].map((number) => ({ id: `shp_${number}` })),
      pageInfo: { hasNextPage: true, endCursor: String(first - 1) },
    }
  },
})
const { apollo } = await import('@/api/client')
const { usePages } = await import('./usePages')
const asked = holdBack(ShipmentsDocument)

beforeEach(() => {
  asked.length = 0
  newest = 10
})

async function open(search: string) {
  const word = ref(search)
  const frame = mount(
    defineComponent({
      setup: () =>
        usePages(ShipmentsDocument, () => ({ first: 2, search: word.value }), { pick: ({ shipments }) => shipments }),
      template: '<p>{{ nodes.map(({ id }) => id).join(" ") }}</p>',
    }),
    { global: { provide: { [DefaultApolloClient]: apollo } } },
  )
  await settle()
  return { frame, word }
}

it('a list that is asked for again while it is on its way is asked for once more, after what is on its way', async () => {
  const { frame } = await open('un')
  void frame.vm.look()
  void frame.vm.refetch()
  await settle()
  expect(asked).toHaveLength(1)
  await asked[0]?.answer()
  expect(asked).toHaveLength(2)
  newest = 12
  await asked[1]?.answer()
  expect(asked).toHaveLength(2)
  expect(frame.text()).toBe('shp_12 shp_11')
})

it('what follows a list that is being read anew is what follows its new end', async () => {
  const { frame } = await open('deux')
  await asked[0]?.answer()
  expect(frame.text()).toBe('shp_10 shp_9')
  newest = 14
  void frame.vm.look()
  await settle()
  void frame.vm.more()
  await settle()
  expect(asked).toHaveLength(2)
  await asked[1]?.answer()
  await asked[2]?.answer()
  expect(frame.text()).toBe('shp_14 shp_13 shp_12 shp_11')
})

it('nothing is added to a list that was narrowed before what follows was asked for', async () => {
  const { frame, word } = await open('trois')
  await asked[0]?.answer()
  void frame.vm.look()
  await settle()
  void frame.vm.more()
  word.value = 'quatre'
  await settle()
  for (let answered = 1; answered < asked.length; answered++) await asked[answered]?.answer()
  expect(asked.map(({ variables }) => variables['after'])).toEqual([undefined, undefined, undefined])
  expect(frame.text()).toBe('shp_10 shp_9')
  expect(frame.vm.loadingMore).toBe(false)
})
