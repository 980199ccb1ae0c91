import type { Role } from './viewer.ts'

/** Everything a caller may be allowed to do, in one list. A policy asks for one of these words, never for a role. */
export const scopes = [
  'document:read',
  'document:write',
  'graph:read',
  'record:read',
  'record:write',
  'answer:ask',
  /** Takes what colleagues hand over because the documents do not hold it. */
  'question:answer',
  /** Sees everybody's model calls with their texts, and sets what models cost. */
  'job:manage',
  /** Changes what the installation's model servers hold, which servers may be told anything, and which model does what. */
  'model:manage',
  'member:read',
  'member:manage',
] as const
export type Scope = (typeof scopes)[number]

const reading: readonly Scope[] = ['document:read', 'graph:read', 'record:read', 'member:read']
const working: readonly Scope[] = [...reading, 'document:write', 'record:write', 'answer:ask', 'question:answer']

const scopesOfRole: Record<Role, readonly Scope[]> = {
  OWNER: scopes,
  ADMIN: scopes,
  MANAGER: working,
  OPERATOR: working,
  DRIVER: ['document:read', 'document:write', 'record:read', 'record:write'],
  ANALYST: [...reading, 'answer:ask'],
  PARTNER: ['record:read'],
  VIEWER: reading,
}

/** What the roles allow together. */
export function scopesOf(held: readonly Role[]): Scope[] {
  const allowed = new Set(held.flatMap((role) => scopesOfRole[role]))
  return scopes.filter((scope) => allowed.has(scope))
}
