import { clientViewer, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { LinkInvalid } from '../refusals.ts'
import { countOpening } from '../sessions/guessing.ts'
import { accessSeconds } from '../sessions/session.ts'
import { hashLinkToken, tell } from './client-link.ts'
import { findLinkPlace, useLink } from './client-link.store.ts'

/** What a link opens: an access token, and nothing that renews it but the link. */
export interface ClientSession {
  accessToken: string
  expiresAt: Date
  viewer: Viewer
}

/**
 * Opens a link, as often as its client comes back, for a quarter of an hour and not longer than the link holds. LinkInvalid, whatever is wrong with it;
 * TooManyAttempts for who opens more from one network than people do.
 */
export async function openClientLink(
  platform: Platform,
  token: string,
  caller: string | undefined,
): Promise<ClientSession> {
  const countWrong = await countOpening(platform, caller)
  const place = await findLinkPlace(platform.sql, hashLinkToken(platform.keys, token))
  const used = place && (await platform.sql.withOrganization(inNameOf(place), (tx) => open(tx, place.id)))
  if (!used) {
    await countWrong()
    throw new LinkInvalid()
  }
  const { id: sessionId, organizationId } = place
  const viewer = clientViewer({ organizationId, sessionId, clientId: used.clientId })
  const expiresAt = new Date(Math.min(Date.now() + accessSeconds * 1000, used.expiresAt.getTime()))
  const lifetime = Math.max(1, Math.floor((expiresAt.getTime() - Date.now()) / 1000))
  return { viewer, expiresAt, accessToken: await platform.keys.signAccessToken(viewer, lifetime) }
}

/** Of the client themselves nothing is known before the link is read: the house writes down that it was opened, and by which link. */
function inNameOf({ id, organizationId }: { id: string; organizationId: string }) {
  return { organizationId, sessionId: id }
}

async function open(tx: Parameters<typeof useLink>[0], id: string) {
  const used = await useLink(tx, id)
  if (used?.isFirst) tell(tx, 'client_link.opened', { id, clientId: used.clientId })
  return used
}
