import { useEventListener } from '@vueuse/core'
import { computed, ref, watch, type Ref } from 'vue'

interface Source {
  url: () => string
  /** The length that the server knows, in milliseconds; recordings of browsers do not say it themselves. */
  durationMs: () => number | null | undefined
  onExpired: () => void
}

/** Plays a recording, and goes on where it was when its address had to be renewed. Times are milliseconds. */
export function useAudio(element: Ref<HTMLAudioElement | null>, { url, durationMs, onExpired }: Source) {
  const playing = ref(false)
  const time = ref(0)
  const rate = ref(1)
  const failed = ref(false)
  const measured = ref(0)
  const duration = computed(() => measured.value || durationMs() || 0)
  let wantsToPlay = false
  let renewed = ''

  useEventListener(element, 'play', () => (playing.value = wantsToPlay = true))
  useEventListener(element, 'pause', () => (playing.value = false))
  useEventListener(element, 'ended', () => (playing.value = wantsToPlay = false))
  useEventListener(element, 'durationchange', () => {
    const { duration: seconds = 0 } = element.value ?? {}
    measured.value = Number.isFinite(seconds) ? seconds * 1000 : 0
  })
  useEventListener(element, 'loadedmetadata', () => {
    const audio = element.value
    if (!audio) return
    audio.currentTime = time.value / 1000
    audio.playbackRate = rate.value
    if (wantsToPlay) play()
  })
  useEventListener(element, 'error', () => {
    // A link lives a quarter of an hour; a recording that does not play with a new one does not play.
    if (renewed === url()) return void (failed.value = true)
    renewed = url()
    onExpired()
  })
  watch(url, () => (failed.value = false))
  watch(rate, (value) => element.value && (element.value.playbackRate = value))

  // Four times a second, which is finer than words are.
  useEventListener(element, ['timeupdate', 'seeked'], () => {
    const audio = element.value
    if (audio && audio.readyState > 0) time.value = audio.currentTime * 1000
  })

  function play(): void {
    void element.value?.play().catch(() => undefined)
  }

  function toggle(): void {
    if (playing.value) {
      wantsToPlay = false
      element.value?.pause()
    } else play()
  }

  function seek(moment: number): void {
    time.value = Math.min(Math.max(0, moment), duration.value || moment)
    if (element.value) element.value.currentTime = time.value / 1000
  }

  return { playing, time, duration, rate, failed, play, toggle, seek }
}
