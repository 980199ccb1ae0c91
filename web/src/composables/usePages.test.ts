import { mount } from '@vue/test-utils'
import { DefaultApolloClient } from '@vue/apollo-composable'
import { expect, it } from 'vitest'
import { defineComponent } from 'vue'
import { ShipmentsDocument } from '@/gql/graphql'
import { openBrowser } from '@/testing/browser'
import { holdBack, settle } from '@/testing/hold-back'

openBrowser({ 'ShipmentsConnection.nodes': () => [] })
const { apollo } = await import('@/api/client')
const { usePages } = await import('./usePages')
const asked = holdBack(ShipmentsDocument)

it('a list that is asked for again while it is on its way is asked for once more, after what is on its way', async () => {
  const shown = mount(
    defineComponent({
      setup: () => usePages(ShipmentsDocument, () => ({ first: 10 }), { pick: ({ shipments }) => shipments }),
      template: '<p>{{ loading }}</p>',
    }),
    { global: { provide: { [DefaultApolloClient]: apollo } } },
  )
  await settle()
  void shown.vm.look()
  void shown.vm.refetch()
  await settle()
  expect(asked).toHaveLength(1)
  await asked[0]?.answer()
  expect(asked).toHaveLength(2)
  await asked[1]?.answer()
  expect(asked).toHaveLength(2)
  expect(shown.text()).toBe('false')
})
