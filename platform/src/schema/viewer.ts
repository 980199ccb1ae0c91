import { NotAllowed, Unauthenticated } from './refusals.ts'
import { ownScopes, type OwnScope, type Scope } from './scopes.ts'

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
  /**
   * The client of the organisation who asks, by a link or with an account, without any role; null for everybody else. Row security shows them their own
   * rows alone.
   */
  clientId: string | null
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

/**
 * The viewer, who holds the scope or is a client that reads what is theirs: row security shows a client no other rows, so a resolver that reads rows of a
 * contract for clients needs nothing more.
 */
export function requireReader(context: { viewer: Viewer | null }, scope: Scope): Viewer {
  return requireScope(context, requireViewer(context).clientId === null ? scope : 'own:read')
}

/** The client who asks, who must hold the scope. */
export function requireClient(
  context: { viewer: Viewer | null },
  scope: OwnScope = 'own:read',
): Viewer & { clientId: string } {
  const viewer = requireScope(context, scope)
  const { clientId } = viewer
  if (clientId === null) throw new NotAllowed()
  return { ...viewer, clientId }
}

/** The parts of the public schema that some callers see instead of all of it, by the tag that puts a field into them. */
export const contracts = ['partner', 'client'] as const
export type Contract = (typeof contracts)[number]

/** Which contract the caller is held to: of everything outside of it they see not even that it is there. Null for who sees the whole schema. */
export function contractOf(viewer: Viewer | null): Contract | null {
  if (viewer === null) return null
  if (viewer.clientId !== null) return 'client'
  return viewer.keyId !== null && viewer.roles.includes('PARTNER') ? 'partner' : null
}

/** A job's own viewer: one organisation, no person, the scopes it names. */
export function serviceViewer(organizationId: string, held: readonly Scope[]): Viewer {
  return { organizationId, userId: null, roles: [], scopes: held, sessionId: null, keyId: null, clientId: null }
}

/** A client of the organisation as a link lets them in: no person and no role, what is theirs and nothing else. */
export function clientViewer({
  organizationId,
  clientId,
  sessionId = null,
}: {
  organizationId: string
  clientId: string
  /** The link; null where the house looks for them. */
  sessionId?: string | null
}): Viewer & { clientId: string } {
  return { organizationId, userId: null, roles: [], scopes: ownScopes, sessionId, keyId: null, clientId }
}
