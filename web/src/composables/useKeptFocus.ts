import { useEventListener, useMutationObserver } from '@vueuse/core'
import type { Ref } from 'vue'

/**
 * Keeps the keyboard's place: when what had the focus goes from the page (a row that was dealt with, a button that was its
 * last), the focus goes to `place` instead of to the top of the document.
 */
export function useKeptFocus(place: Ref<HTMLElement | null>): void {
  let last: Element | null = null
  useEventListener(document, 'focusin', ({ target }) => (last = target instanceof Element ? target : null))
  useMutationObserver(
    () => document.body,
    () => {
      if (!last || last.isConnected || document.activeElement !== document.body) return
      last = null
      place.value?.focus({ preventScroll: true })
    },
    { childList: true, subtree: true },
  )
}
