interface Heartbeat {
  /** Milliseconds; after a failure five times as often. */
  everyMs: number
  beat(): Promise<void>
  /** Nothing that was promised holds longer than this after the start of the last beat that succeeded. */
  holdsMs: number
  /** Comes to the moment, even when a beat hangs: from then on the store may promise the same to others. */
  onLapse(): void
  /** Comes with each failure from then on: the store has been away for all that time. */
  onAway(reason: unknown): void
}

/** Beats at once, and then until the answer is called. The engine's health is told by `health`, not here. */
export function startBeating({ everyMs, beat, holdsMs, onLapse, onAway }: Heartbeat): () => void {
  let succeeded = performance.now()
  let lapse = setTimeout(giveUp, holdsMs).unref()
  let next: NodeJS.Timeout | undefined
  let stopped = false

  function giveUp(): void {
    onLapse()
    lapse = setTimeout(giveUp, holdsMs).unref()
  }

  async function tryToBeat(): Promise<boolean> {
    const startedAt = performance.now()
    try {
      await beat()
    } catch (error) {
      if (performance.now() - succeeded > holdsMs) onAway(error)
      return false
    }
    succeeded = startedAt
    clearTimeout(lapse)
    if (!stopped) lapse = setTimeout(giveUp, Math.max(0, holdsMs - (performance.now() - startedAt))).unref()
    return true
  }

  async function live(): Promise<void> {
    const well = await tryToBeat()
    if (!stopped) next = setTimeout(() => void live(), well ? everyMs : everyMs / 5).unref()
  }

  void live()
  return () => {
    stopped = true
    clearTimeout(next)
    clearTimeout(lapse)
  }
}
