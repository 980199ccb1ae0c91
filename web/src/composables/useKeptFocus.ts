import { useEventListener, useMutationObserver } from '@vueuse/core'
import type { Ref } from 'vue'

/**
 * Keeps the keyboard's place: when what had the focus goes from the page (a row that was dealt with, a button that was its
 * last), the focus goes to `place` instead of to the top of the document. A button that only rests while it works takes it back.
 */
export function useKeptFocus(place: Ref<HTMLElement | null>): void {
  let last: Element | null = null
  let resting: HTMLButtonElement | null = null
  let isElsewhere = false
  useEventListener(document, 'focusin', ({ target }) => {
    last = target instanceof Element ? target : null
    isElsewhere = false
  })
  // Who points elsewhere is not called back.
  useEventListener(document, 'pointerdown', ({ target }) => {
    isElsewhere = !(last && target instanceof Node && last.contains(target))
  })
  useMutationObserver(
    () => document.body,
    (changes) => {
      const isLost = document.activeElement === document.body
      if (last && !last.isConnected && isLost) {
        last = null
        place.value?.focus({ preventScroll: true })
      } else if (last instanceof HTMLButtonElement && changes.some(({ target }) => target === last)) {
        if (last.disabled) resting = last
        else if (resting === last && isLost && !isElsewhere) last.focus({ preventScroll: true })
      }
    },
    { childList: true, subtree: true, attributeFilter: ['disabled'] },
  )
}
