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

  /** Presses the button, which rests meanwhile as browsers let it: without the focus. */
  async function rest(meanwhile: () => void = () => {}) {
    shown.value = true
    const page = mount(Page, { attachTo: document.body })
    const button = page.find('button').element
    button.focus()
    button.blur()
    button.disabled = true
    await told()
    meanwhile()
    button.disabled = false
    await told()
    return { page, button }
  }

  it('comes back to a button that rested while it worked, unless somebody went elsewhere', async () => {
    const { page, button } = await rest()
    expect(document.activeElement).toBe(button)
    page.unmount()
    const pointed = await rest(() => document.dispatchEvent(new Event('pointerdown')))
    expect(document.activeElement).toBe(document.body)
    pointed.page.unmount()
    const other = document.body.appendChild(document.createElement('input'))
    const moved = await rest(() => other.focus())
    expect(document.activeElement).toBe(other)
    moved.page.unmount()
  })
})
