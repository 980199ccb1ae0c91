import { flushPromises, mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { defineComponent, type WritableComputedRef } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { useChoiceParam } from './useQueryParam'

async function open(address: string) {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:page', component: { render: () => null } }],
  })
  await router.push(address)
  let shown: WritableComputedRef<'open' | 'over'> | undefined
  const setup = () => ((shown = useChoiceParam('shown', ['open', 'over'])), () => null)
  mount(defineComponent({ setup }), { global: { plugins: [router] } })
  if (!shown) throw new Error('There is no choice.')
  return { router, shown }
}

it('is what the address says, and the first for an address that says nothing or what there is not', async () => {
  expect((await open('/keys?shown=over')).shown.value).toBe('over')
  expect((await open('/keys')).shown.value).toBe('open')
  expect((await open('/keys?shown=elsewhere')).shown.value).toBe('open')
})

it('is as it was when somebody comes back to the list', async () => {
  const { router, shown } = await open('/keys?tab=mine')
  shown.value = 'over'
  await flushPromises()
  await router.push('/settings')
  expect(shown.value).toBe('open')
  router.back()
  await flushPromises()
  expect(shown.value).toBe('over')
  shown.value = 'open'
  await flushPromises()
  expect(router.currentRoute.value.fullPath).toBe('/keys?tab=mine')
})
