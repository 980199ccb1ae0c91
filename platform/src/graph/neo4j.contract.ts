import neo4j from 'neo4j-driver'
import { afterAll, it } from 'vitest'
import { createLog } from '../log/log.ts'
import { describeGraph } from './graph.cases.ts'
import { describeOutages } from './neo4j.outage.cases.ts'
import { describePlans } from './neo4j.plans.cases.ts'
import { openNeo4j } from './neo4j.ts'

const url = process.env.NEO4J_TEST_URL

if (url) describeNeo4j(url)
else it('keeps the promise of the graph port on Neo4j', ({ skip }) => skip('NEO4J_TEST_URL is not set'))

/** Only the organisations of these cases are emptied; their ids are shorter than any real one. */
function describeNeo4j(url: string): void {
  const { protocol, host, username, password } = new URL(url)
  const driver = neo4j.driver(`${protocol}//${host}`, neo4j.auth.basic(username, password))
  const empty = () => driver.executeQuery('MATCH (n) WHERE size(n.organizationId) < 10 DETACH DELETE n')
  afterAll(() => driver.close())
  describeGraph('Neo4j', async () => ({
    open: async () => openNeo4j({ url, log: createLog({ name: 'graph', level: 'silent' }) }),
    destroy: async () => void (await empty()),
  }))
  describeOutages(url, empty)
  describePlans(url, driver)
}
