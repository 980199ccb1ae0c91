import type { Viewer } from '@passerelle/platform/schema'

/** Who may ask what they like, and who may ask what there is. */
export interface AccessPolicy {
  /**
   * Whether sessions, and callers without a token, may send documents of their own. Where they may not, they ask with the documents of the web
   * application alone; `only` names the organisations whose people may. API keys always may: programs are what they are for.
   */
  explorer: 'on' | 'off' | { only: ReadonlySet<string> }
  /** Who may ask for the schema: everybody; those who have said who they are and may send documents of their own; nobody. */
  introspection: 'on' | 'members' | 'off'
}

/** What holds unless the installation says otherwise. */
export const openPolicy: AccessPolicy = { explorer: 'on', introspection: 'members' }

/** Whether a caller may send documents of their own. */
export function mayAskFreely({ explorer }: AccessPolicy, viewer: Viewer | null): boolean {
  if (viewer?.keyId) return true
  if (typeof explorer === 'string') return explorer === 'on'
  return viewer !== null && explorer.only.has(viewer.organizationId)
}

/** Whether a caller may ask for the schema, and is told the names that were nearly met. */
export function mayIntrospect(policy: AccessPolicy, viewer: Viewer | null): boolean {
  if (policy.introspection !== 'members') return policy.introspection === 'on'
  return viewer !== null && mayAskFreely(policy, viewer)
}
