import { mount } from '@vue/test-utils'
import icons from '@nuxt/ui/runtime/vue/plugins/icons.js'
import { expect, it } from 'vitest'
import { nextTick } from 'vue'
import { stayOnThisHost } from '@/api/icons'
import type { Named } from './named'
import NamedPicker from './NamedPicker.vue'

stayOnThisHost()

const anne = { id: 'cli_1', name: 'Anne' }
const zoe = { id: 'cli_2', name: 'Zoé' }

function open(found: Named[], loading: boolean) {
  const picker = mount(NamedPicker, {
    props: { modelValue: undefined, search: '', found, loading, placeholder: 'Chercher', none: 'Personne' },
    attachTo: document.body,
    global: { plugins: [icons] },
  })
  const input = picker.get('input')
  return { picker, input, taken: () => picker.emitted<[Named]>('update:modelValue')?.map(([one]) => one.id) ?? [] }
}

it('Enter takes the one that the arrows have gone to', async () => {
  const { input, taken } = open([anne, zoe], false)
  await input.trigger('click')
  await input.trigger('keydown', { key: 'ArrowDown' })
  await input.trigger('keydown', { key: 'Enter' })
  expect(taken()).toEqual(['cli_2'])
})

it('Enter that comes before what was typed is found takes that, not what was found for fewer letters', async () => {
  const { picker, input, taken } = open([anne, zoe], false)
  await input.trigger('click')
  await input.setValue('Zo')
  await picker.setProps({ loading: true })
  await input.trigger('keydown', { key: 'Enter' })
  expect(taken()).toEqual([])
  await picker.setProps({ loading: false, found: [zoe] })
  await nextTick()
  expect(taken()).toEqual(['cli_2'])
})

it('Escape takes back an Enter that waits', async () => {
  const { picker, input, taken } = open([anne], false)
  await input.trigger('click')
  await picker.setProps({ loading: true })
  await input.trigger('keydown', { key: 'Enter' })
  await input.trigger('keydown', { key: 'Escape' })
  await picker.setProps({ loading: false, found: [zoe] })
  expect(taken()).toEqual([])
})

it('an Enter that waits is answered also when the person has gone on to the next field', async () => {
  const { picker, input, taken } = open([anne, zoe], false)
  await input.trigger('click')
  await input.setValue('Zo')
  await picker.setProps({ loading: true })
  await input.trigger('keydown', { key: 'Enter' })
  await input.trigger('blur')
  await picker.setProps({ loading: false, found: [zoe] })
  await nextTick()
  expect(taken()).toEqual(['cli_2'])
  expect(input.attributes('aria-expanded')).toBe('false')
})
