import type { Role } from './viewer.ts'

/** Everything that people of the organisation and their programs may be allowed to do, in one list. A policy asks for one of these words, never for a role. */
export const scopes = [
  'document:read',
  'document:write',
  'graph:read',
  'record:read',
  /** Also shows a record that is changed, as it then is: whoever changes one must know what became of it. */
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
  /** Changes the name, the rules and the settings of the organisation itself. */
  'organization:manage',
  /** Makes and revokes the keys that programs and partners ask with. */
  'key:manage',
  /** Puts something before the people who must say yes to it. */
  'approval:propose',
  'approval:read',
  'approval:decide',
  /** Starts runs of the workflows outside, and tells their result. */
  'workflow:run',
  'webhook:manage',
  'usage:read',
  /** Changes what the organisation may use in a month. */
  'plan:manage',
  'audit:read',
  /** Exports and erases what is known of a person, and sets how long things are kept. */
  'privacy:manage',
] as const
export type MemberScope = (typeof scopes)[number]

/** What a client of the organisation may do, with what is theirs and nothing else: nobody else is given these words, and a client no others. */
export const ownScopes = ['own:read', 'own:write'] as const
export type OwnScope = (typeof ownScopes)[number]
export type Scope = MemberScope | OwnScope

const reading: readonly MemberScope[] = ['document:read', 'graph:read', 'record:read', 'member:read']
const working: readonly MemberScope[] = [
  ...reading,
  'document:write',
  'record:write',
  'answer:ask',
  'question:answer',
  'approval:propose',
  'approval:read',
]
const leading: readonly MemberScope[] = [...working, 'approval:decide', 'workflow:run', 'usage:read']

const scopesOfRole: Record<Role, readonly MemberScope[]> = {
  OWNER: scopes,
  ADMIN: scopes,
  MANAGER: leading,
  OPERATOR: working,
  DRIVER: ['document:read', 'document:write', 'record:read', 'record:write'],
  ANALYST: [...reading, 'answer:ask'],
  PARTNER: ['record:read'],
  VIEWER: reading,
}

/** What the roles allow together. */
export function scopesOf(held: readonly Role[]): MemberScope[] {
  const allowed = new Set(held.flatMap((role) => scopesOfRole[role]))
  return scopes.filter((scope) => allowed.has(scope))
}

/** What a member is, and what the organisation gave or took beside that. */
export interface Rights {
  roles: readonly Role[]
  granted: readonly string[]
  withheld: readonly string[]
}

/** What a member may do: all that the roles allow and was granted, but for what is withheld. Nothing is withheld from an owner. */
export function effectiveScopes({ roles: held, granted, withheld }: Rights): MemberScope[] {
  const allowed = new Set<string>([...scopesOf(held), ...granted])
  const owns = held.includes('OWNER')
  return scopes.filter((scope) => owns || (allowed.has(scope) && !withheld.includes(scope)))
}

/** Power over people, over what others may do, and over what a person must say yes to: never a key's. */
const personal: ReadonlySet<MemberScope> = new Set([
  'member:manage',
  'organization:manage',
  'key:manage',
  'approval:decide',
  'plan:manage',
  'privacy:manage',
])

/** What a key of each kind may hold at most; a partner's has no use for what is outside of the partner contract. */
export const keyScopes = {
  INTERNAL: scopes.filter((scope) => !personal.has(scope)),
  PARTNER: ['document:read', 'document:write', 'record:read', 'record:write', 'approval:propose'],
} as const satisfies Record<string, readonly MemberScope[]>
export type KeyKind = keyof typeof keyScopes
