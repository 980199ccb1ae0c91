import { neo4jConstraints } from './cypher.ts'
import { connectNeo4j, type Neo4jConnection, type Neo4jTarget } from './neo4j-connection.ts'

export interface Neo4jProbe {
  /** Such as `Neo4j/5.26.0`. */
  agent: string
  /** Constraints and indexes of ours: those that are there, and how many there are to be. The first process that works with it makes them. */
  constraints: number
  wanted: number
}

const patience = { readMs: 5_000, writeMs: 5_000 }

/** What answers at an address, and whether we may write there; leaves nothing behind. Throws EngineUnavailable when nothing answers or writing is forbidden. */
export async function probeNeo4j(target: Neo4jTarget): Promise<Neo4jProbe> {
  const connection = connectNeo4j(target, patience)
  try {
    const agent = await connection.describe()
    await connection.transact('write', async (transaction) => {
      await transaction.run('CREATE (n) DELETE n')
    })
    const there = new Set([
      ...(await listNames(connection, 'CONSTRAINTS')),
      ...(await listNames(connection, 'INDEXES')),
    ])
    const wanted = neo4jConstraints.map((text) => /^CREATE\s.*?\b(?:CONSTRAINT|INDEX)\s+(\w+)/m.exec(text)?.[1] ?? '')
    return { agent, constraints: wanted.filter((name) => there.has(name)).length, wanted: wanted.length }
  } finally {
    await connection.close()
  }
}

async function listNames(connection: Neo4jConnection, what: 'CONSTRAINTS' | 'INDEXES'): Promise<string[]> {
  const { records } = await connection.transact('read', (transaction) => transaction.run(`SHOW ${what} YIELD name`))
  return records.map((record) => String(record.get('name')))
}
