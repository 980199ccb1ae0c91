/** The scopes of one noun, in the order in which they are given. */
export interface ScopeGroup {
  noun: string
  scopes: string[]
}

/** What is one matter for people, though the scopes name it twice. */
const together: Readonly<Record<string, string>> = { question: 'answer', job: 'ai', model: 'ai' }

/** Scopes by what they are about: `document:read` and `document:write` stand together. */
export function groupScopes(scopes: readonly string[]): ScopeGroup[] {
  const groups = new Map<string, string[]>()
  for (const scope of scopes) {
    const [name = scope] = scope.split(':')
    const noun = together[name] ?? name
    groups.set(noun, [...(groups.get(noun) ?? []), scope])
  }
  return [...groups].map(([noun, held]) => ({ noun, scopes: held }))
}
