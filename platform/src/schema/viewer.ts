import { NotAllowed, Unauthenticated } from './refusals.ts'
import type { Scope } from './scopes.ts'

export const roles = ['OWNER', 'ADMIN', 'MANAGER', 'OPERATOR', 'DRIVER', 'ANALYST', 'PARTNER', 'VIEWER'] as const
export type Role = (typeof roles)[number]

/**
 * Who asks. Made by the gateway from a verified token (or by a job, as a service of one organisation) and handed unchanged to
 * every resolver and store: nothing below the gateway decides identity again.
 */
export interface Viewer {
  organizationId: string
  /** null for a service viewer (a job) and for an API key. */
  userId: string | null
  roles: readonly Role[]
  scopes: readonly string[]
  /** The session the token belongs to; null for services. */
  sessionId: string | null
  /** The API key that asks; null for people and services. */
  keyId: string | null
}

/** The viewer, or Unauthenticated. */
export function requireViewer(context: { viewer: Viewer | null }): Viewer {
  if (!context.viewer) throw new Unauthenticated()
  return context.viewer
}

/** The viewer, who must hold the scope; Unauthenticated or NotAllowed otherwise. Every resolver that reads or writes an organisation's data starts here. */
export function requireScope(context: { viewer: Viewer | null }, scope: Scope): Viewer {
  const viewer = requireViewer(context)
  if (!viewer.scopes.includes(scope)) throw new NotAllowed()
  return viewer
}

/** The person who asks, who must hold the scope. A key that holds it is refused all the same: what follows is a person's to answer for. */
export function requirePerson(context: { viewer: Viewer | null }, scope?: Scope): Viewer & { userId: string } {
  const viewer = scope ? requireScope(context, scope) : requireViewer(context)
  const { userId } = viewer
  if (userId === null) throw new NotAllowed('This takes a person: an API key cannot do it.')
  return { ...viewer, userId }
}

/** Whether a partner's program asks: it sees the partner contract, and of everything else not even that it is there. */
export function isPartner(viewer: Viewer | null): boolean {
  return viewer !== null && viewer.keyId !== null && viewer.roles.includes('PARTNER')
}

/** A job's own viewer: one organisation, no person, the scopes it names. */
export function serviceViewer(organizationId: string, held: readonly Scope[]): Viewer {
  return { organizationId, userId: null, roles: [], scopes: held, sessionId: null, keyId: null }
}
