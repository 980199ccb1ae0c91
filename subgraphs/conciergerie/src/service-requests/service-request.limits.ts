import { QuotaExceeded } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import { countMessagesOfClient } from './service-request-message.store.ts'
import { countOfClient, type AskedLately } from './service-request.store.ts'

/** What a client may leave with the house by themselves: a link that is passed around must not bury the people who work there. */
const mostOpen = 50
const mostInAnHour = 10
const mostMessagesInAnHour = 30

const hourMs = 3_600_000

/** Refuses a client who has asked for more than anybody needs: QuotaExceeded. */
export async function requireRoomForRequest(tx: Tx, clientId: string, now: Date): Promise<void> {
  const asked = await countOfClient(tx, clientId, new Date(now.getTime() - hourMs))
  if (asked.open >= mostOpen)
    throw new QuotaExceeded({
      message: `At most ${mostOpen} requests are open at a time.`,
      limit: mostOpen,
      used: asked.open,
    })
  requirePace(asked, { limit: mostInAnHour, message: `At most ${mostInAnHour} requests are taken in an hour.` })
}

/** Refuses a client who has written more, to whichever of their requests, than anybody reads: QuotaExceeded. */
export async function requireRoomForMessage(tx: Tx, clientId: string, now: Date): Promise<void> {
  const asked = await countMessagesOfClient(tx, clientId, new Date(now.getTime() - hourMs))
  requirePace(asked, {
    limit: mostMessagesInAnHour,
    message: `At most ${mostMessagesInAnHour} messages are taken in an hour.`,
  })
}

function requirePace(
  { lately, since }: Pick<AskedLately, 'lately' | 'since'>,
  { limit, message }: { limit: number; message: string },
): void {
  if (lately < limit) return
  const resetsAt = since && new Date(since.getTime() + hourMs)
  throw new QuotaExceeded({ message, limit, used: lately, resetsAt })
}
