/** The right to move a cursor. It is renewed for as long as it is kept, and lapses soon after its process has died. */
export interface Hold {
  /** Aborted when it lapsed all the same (the process stood still) and may be somebody else's: its holder stops. */
  readonly lost: AbortSignal
  save(position: string): Promise<void>
  release(): Promise<void>
}

/** Changes the cursor's row while it is ours; false when it is not. `$4` and on are the extra parameters. */
type Update = (change: string, extra?: readonly unknown[]) => Promise<boolean>

interface HoldOptions {
  holdMs: number
  /** When a hold that is renewed now will lapse, as SQL. */
  until: string
  /** Keeps the position where the consumer keeps its own. */
  savePosition: (position: string) => Promise<void>
}

/** Keeps a hold that was taken just now. */
export function keepHold(update: Update, { holdMs, until, savePosition }: HoldOptions): Hold {
  const lost = new AbortController()
  const renew = async (): Promise<void> => {
    if (!(await update(`held_until = ${until}`))) lost.abort(new Error('The hold has lapsed.'))
  }
  // A renewal that fails says nothing yet; the next one, or the next save, will.
  const timer = setInterval(() => void renew().catch(() => {}), holdMs / 3).unref()
  return {
    lost: lost.signal,
    async save(position) {
      lost.signal.throwIfAborted()
      await savePosition(position)
      if (!(await update(`position = $4, held_until = ${until}`, [position]))) lost.abort()
      lost.signal.throwIfAborted()
    },
    async release() {
      clearInterval(timer)
      await update('holder = null')
    },
  }
}
