import { keeper } from '@/api/keeper'
import { claimsOf, type StoredSession } from '@/api/session'

/** Goes on with a session of another organisation, unless who asked for it has logged out since. */
export function goOnIn(session: StoredSession): void {
  const now = keeper.current()
  if (now && claimsOf(now.accessToken)?.person === claimsOf(session.accessToken)?.person) keeper.open(session)
}
