import { describe, expect, it } from 'vitest'
import { cypherConstraints, cypherExplorations, cypherVerbs } from './cypher.ts'

/** A pattern's part as it is written: what stands between the parentheses of a node or the brackets of a relation. */
interface Part {
  kind: 'node' | 'relation'
  variable: string
  text: string
}

const withoutComments = (text: string) => text.replace(/^\s*\/\/.*$/gm, '')

/** Every node and relation pattern: `(e:Entity {…})`, `(e)` next to a relation, `[r:RELATED {…}]` between dashes. */
function partsOf(text: string): Part[] {
  const statement = withoutComments(text)
  const nodes = [
    ...statement.matchAll(/\((\w*)((?:\s*:\s*\w+)+\s*(?:\{[^}]*\})?|(?=\)\s*<?-)|(?<=[->]\s*\(\w*))\s*\)/g),
  ]
  const relations = [...statement.matchAll(/-\[([^\]]*)\]-/g)]
  return [
    ...nodes.map(([whole, variable = '']) => ({ kind: 'node' as const, variable, text: whole })),
    ...relations.map(([, inside = '']) => ({
      kind: 'relation' as const,
      variable: /^\w*/.exec(inside)?.[0] ?? '',
      text: inside,
    })),
  ]
}

/** Parts that neither carry the organisation nor name something bound by a part that does. */
function unguardedParts(text: string): string[] {
  const bound = new Set<string>()
  return partsOf(text).flatMap(({ variable, text: part }) => {
    if (/\borganizationId: \$organizationId\b/.test(part)) {
      if (variable) bound.add(variable)
      return []
    }
    return variable && bound.has(variable) ? [] : [part]
  })
}

const explorations = [...cypherExplorations].map(([name, text]) => [`exploration/${name}`, text] as const)

describe.each([...cypherVerbs, ...explorations])('cypher/%s.cypher', (_name, text) => {
  it('reads and writes inside one organisation', () => {
    expect(partsOf(text)).not.toEqual([])
    expect(unguardedParts(text)).toEqual([])
  })

  it('says what it is for, takes and answers', () => {
    expect(text).toMatch(/^\/\/ .+\.$/m)
    expect(text).toMatch(/^\/\/ Parameters: .+\.$/m)
    expect(text).toMatch(/^\/\/ Result: .+\.$/m)
    const described = /^\/\/ Parameters: (?<list>(?:.|\n\/\/)+?)\.$/m.exec(text)?.groups?.list ?? ''
    const used = new Set([...withoutComments(text).matchAll(/\$(\w+)/g)].map(([, name]) => name))
    used.delete('organizationId')
    for (const name of used) expect(described).toContain(name)
  })

  it('keeps to the Cypher that every engine speaks', () => {
    expect(withoutComments(text)).not.toMatch(/COLLECT\s*\{|randomUUID|datetime\(|TRANSACTIONS|CALL|\(\w*:\w+\|/i)
  })
})

it('finds a pattern that forgets its organisation', () => {
  expect(unguardedParts('MATCH (e:Entity {id: $id}) RETURN e')).toEqual(['(e:Entity {id: $id})'])
  expect(unguardedParts('MATCH (:Document)-[m:MENTIONS]->(e:Entity {organizationId: $organizationId})')).toEqual([
    '(:Document)',
    'm:MENTIONS',
  ])
  expect(
    unguardedParts(
      'MATCH (e:Entity {organizationId: $organizationId}) MATCH (e)<-[r:RELATED {organizationId: $organizationId}]-(x) RETURN x',
    ),
  ).toEqual(['(x)'])
  expect(unguardedParts('MATCH (e:Entity {organizationId: $organizationId, id: $id}) DETACH DELETE e')).toEqual([])
})

it('never has an index on the organisation, which would be taken in place of the one on id', () => {
  for (const text of cypherConstraints) expect(withoutComments(text)).toMatch(/ON \(\w+\.id\)/)
})
