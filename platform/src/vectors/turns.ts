/** Turns at something that all organisations share. */
export interface Turns {
  /** Does the work once it is the organisation's turn. Refuses with what `refusal` makes when too many of its own are waiting already. */
  take<T>(organizationId: string, work: () => Promise<T>): Promise<T>
}

export interface TurnsOptions {
  /** Works at a time, of all organisations. */
  most: number
  /** Works at a time of one organisation. */
  mostOfOne: number
  /** Works of one organisation that may wait. */
  mostWaiting: number
  refusal(): Error
}

interface Queue {
  running: number
  waiting: (() => void)[]
}

/** Fair turns within this process: whoever asks much waits behind itself. A free place goes to who has the fewest, and among those to who had a turn the longest ago. */
export function createTurns({ most, mostOfOne, mostWaiting, refusal }: TurnsOptions): Turns {
  /** Those that have something running or waiting, the one whose last turn is the longest ago first. */
  const queues = new Map<string, Queue>()
  let running = 0

  function begin(): void {
    while (running < most) {
      const [next] = [...queues]
        .filter(([, queue]) => queue.waiting.length > 0 && queue.running < mostOfOne)
        .sort(([, a], [, b]) => a.running - b.running)
      if (!next) return
      const [organizationId, queue] = next
      running++
      queue.running++
      queues.delete(organizationId)
      queues.set(organizationId, queue)
      queue.waiting.shift()?.()
    }
  }

  function end(organizationId: string, queue: Queue): void {
    running--
    queue.running--
    if (queue.running === 0 && queue.waiting.length === 0) queues.delete(organizationId)
    begin()
  }

  return {
    async take(organizationId, work) {
      const queue = queues.get(organizationId) ?? { running: 0, waiting: [] }
      if (queue.waiting.length >= mostWaiting) throw refusal()
      queues.set(organizationId, queue)
      await new Promise<void>((resolve) => {
        queue.waiting.push(resolve)
        begin()
      })
      try {
        return await work()
      } finally {
        end(organizationId, queue)
      }
    },
  }
}
