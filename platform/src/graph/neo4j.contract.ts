import neo4j from 'neo4j-driver'
import { afterAll, beforeAll, it } from 'vitest'
import { createLog } from '../log/log.ts'
import { describeGraph } from './graph.cases.ts'
import { describeOutages } from './neo4j.outage.cases.ts'
import { openNeo4j } from './neo4j.ts'

const url = process.env.NEO4J_TEST_URL

if (url) describeNeo4j(url)
else it('keeps the promise of the graph port on Neo4j', ({ skip }) => skip('NEO4J_TEST_URL is not set'))

function describeNeo4j(url: string): void {
  const { protocol, host, username, password } = new URL(url)
  const driver = neo4j.driver(`${protocol}//${host}`, neo4j.auth.basic(username, password))
  const empty = () => driver.executeQuery('MATCH (n) DETACH DELETE n')
  beforeAll(async () => {
    const { records } = await driver.executeQuery(
      'MATCH (n) WHERE NOT n.organizationId STARTS WITH "org_" OR size(n.organizationId) > 12 RETURN n LIMIT 1',
    )
    if (records.length > 0) throw new Error('NEO4J_TEST_URL holds a graph that is not of tests; it would be emptied.')
    await empty()
  })
  afterAll(async () => {
    await empty()
    await driver.close()
  })
  describeGraph('Neo4j', async () => ({
    open: async () => openNeo4j({ url, log: createLog({ name: 'graph', level: 'silent' }) }),
    destroy: async () => void (await empty()),
  }))
  describeOutages(url, empty)
}
