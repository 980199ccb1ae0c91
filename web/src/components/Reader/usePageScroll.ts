import { useEventListener, useThrottleFn } from '@vueuse/core'
import { nextTick, onMounted, ref, type Ref } from 'vue'

/** How far around the window pages are kept drawn, in window heights. */
const margin = 1

/**
 * Follows a scrolling column of pages (children with `data-page`): which page is being read, which ones are near enough to draw, and
 * a way to bring a page, or a height on it, into sight.
 */
export function usePageScroll(frame: Ref<HTMLElement | null>) {
  const current = ref(1)
  const near = ref<ReadonlySet<number>>(new Set([1, 2]))

  function look(): void {
    const box = frame.value?.getBoundingClientRect()
    if (!frame.value || !box?.height) return
    const seen = new Set<number>()
    let reading = current.value
    const line = box.top + box.height / 3
    for (const page of frame.value.querySelectorAll<HTMLElement>('[data-page]')) {
      const { top, bottom } = page.getBoundingClientRect()
      const number = Number(page.dataset['page'])
      if (bottom > box.top - box.height * margin && top < box.bottom + box.height * margin) seen.add(number)
      if (top <= line && bottom > line) reading = number
    }
    current.value = reading
    if (seen.size !== near.value.size || [...seen].some((number) => !near.value.has(number))) near.value = seen
  }

  /** `at` is a fraction of the page's height to show in the upper third; without it the page's top. */
  async function show(number: number, at?: number): Promise<void> {
    await nextTick()
    const page = frame.value?.querySelector<HTMLElement>(`[data-page="${number}"]`)
    if (!frame.value || !page) return
    const inside = at === undefined ? -12 : at * page.offsetHeight - frame.value.clientHeight / 3
    frame.value.scrollTop = page.offsetTop + inside
    look()
  }

  useEventListener(frame, 'scroll', useThrottleFn(look, 80, true), { passive: true })
  onMounted(look)

  return { current, near, show, look }
}
