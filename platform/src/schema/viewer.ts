import { NotAllowed, Unauthenticated } from './refusals.ts'

export const roles = ['OWNER', 'ADMIN', 'MANAGER', 'OPERATOR', 'DRIVER', 'ANALYST', 'PARTNER', 'VIEWER'] as const
export type Role = (typeof roles)[number]

/**
 * Who asks. Made by the gateway from a verified token (or by a job, as a service of one organisation) and handed unchanged to
 * every resolver and store: nothing below the gateway decides identity again.
 */
export interface Viewer {
  organizationId: string
  /** null for a service viewer (a job). */
  userId: string | null
  roles: readonly Role[]
  scopes: readonly string[]
  /** The session the token belongs to; null for services. */
  sessionId: string | null
}

/** The viewer, or Unauthenticated. Every resolver that reads or writes an organisation's data starts here. */
export function requireViewer(context: { viewer: Viewer | null }): Viewer {
  if (!context.viewer) throw new Unauthenticated()
  return context.viewer
}

/** The viewer, who must hold one of the roles; otherwise NotAllowed. */
export function requireRole(context: { viewer: Viewer | null }, allowed: readonly Role[]): Viewer {
  const viewer = requireViewer(context)
  if (!viewer.roles.some((role) => allowed.includes(role))) throw new NotAllowed()
  return viewer
}
