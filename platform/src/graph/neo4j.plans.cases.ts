import type { Driver } from 'neo4j-driver'
import { describe, expect, it } from 'vitest'
import { createLog } from '../log/log.ts'
import { cypherVerbs } from './cypher.ts'
import { openNeo4j } from './neo4j.ts'

/** Verbs that are about everything an organisation has. */
const listing = new Set([
  'find_entities',
  'count_entities',
  'count_entity_types',
  'count_relation_types',
  'count_documents',
  'count_document_months',
  'list_entities',
  'list_documents',
  'forget_applied',
])

/**
 * How each verb is carried out on a graph that is still small, which is when plans are made: one that seems harmless then reads everything of the
 * organisation for each row, until the engine makes it anew.
 */
export function describePlans(url: string, driver: Driver): void {
  describe('the plans of Neo4j', () => {
    it.each([...cypherVerbs.keys()])('%s begins with what it is given', async (name) => {
      const graph = openNeo4j({ url, log: createLog({ name: 'graph', level: 'silent' }) })
      await graph.countEntities('org_a', {})
      await graph.close()
      const { summary } = await driver.executeQuery(`EXPLAIN ${cypherVerbs.get(name)}`)
      const beginnings = beginningsOf(summary.plan)
      expect(beginnings).not.toEqual([])
      for (const beginning of beginnings)
        expect(beginning).toMatch(
          listing.has(name)
            ? /organizationId = \$organizationId AND (id|consumer) /
            : /^(Argument|Unwind \$)|(id|consumer) = |^NodeUniqueIndexSeek\(Locking\).*t:Turn/,
        )
    })
  })
}

interface Plan {
  operatorType: string
  arguments: Record<string, unknown>
  children: readonly Plan[]
}

/** Where a plan gets its rows from. */
function beginningsOf(plan: Plan | false): string[] {
  if (!plan) return []
  if (plan.children.length > 0) return plan.children.flatMap(beginningsOf)
  return [`${plan.operatorType.replace('@neo4j', '')} ${String(plan.arguments.Details ?? '')}`]
}
