import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { defineComponent, h, nextTick, ref, useTemplateRef } from 'vue'
import { useKeptFocus } from './useKeptFocus'

const shown = ref(true)
const Page = defineComponent({
  setup() {
    useKeptFocus(useTemplateRef<HTMLElement>('content'))
    return () => h('main', { ref: 'content', tabindex: -1 }, [shown.value && h('button'), h('input')])
  },
})

/** Observers of the document are told after the changes of a turn. */
const told = () => new Promise((resolve) => setTimeout(resolve))

describe('the focus', () => {
  it('goes to the content when what had it goes, and stays where somebody put it otherwise', async () => {
    const page = mount(Page, { attachTo: document.body })
    page.find('input').element.focus()
    shown.value = false
    await nextTick()
    await told()
    expect(document.activeElement).toBe(page.find('input').element)

    shown.value = true
    await nextTick()
    page.find('button').element.focus()
    shown.value = false
    await nextTick()
    await told()
    expect(document.activeElement).toBe(page.element)
  })
})
