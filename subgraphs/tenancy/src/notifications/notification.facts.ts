import type { NewFact } from '@passerelle/platform/facts'
import { subscriptionOf } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import type { Person } from './notification-preference.ts'

const created = 'notification.created'
const read = 'notification.read'

export function noticeCreated(payload: { id: string; userId: string }): NewFact {
  return { type: created, payload }
}

export function noticesRead(userId: string): NewFact {
  return { type: read, payload: { userId } }
}

export interface NotificationChange {
  /** Null when only what is read has changed. */
  id: string | null
  cursor: string
}

/** What the person is told, and what they read elsewhere, after the cursor or from now on. */
export function watchNotifications(
  { facts }: Pick<Platform, 'facts'>,
  { person, after, signal }: { person: Person; after: string | null; signal: AbortSignal },
): AsyncIterableIterator<NotificationChange> {
  const source = facts.subscribe(person.organizationId, {
    types: [created, read],
    after,
    signal,
    where: ({ payload }) => payload['userId'] === person.userId,
  })
  return subscriptionOf(source, ({ payload, position }) => ({
    id: typeof payload['id'] === 'string' ? payload['id'] : null,
    cursor: position,
  }))
}
