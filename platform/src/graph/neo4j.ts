export { probeNeo4j, type Neo4jProbe } from './neo4j-probe.ts'

import neo4j, { type ManagedTransaction } from 'neo4j-driver'
import type { Log } from '../log/log.ts'
import { cypherVerbs, neo4jConstraints } from './cypher.ts'
import { createGraph } from './cypher-graph.ts'
import type { CypherEngine, Row, Statement } from './engine.ts'
import type { Graph } from './graph.ts'
import { connectNeo4j, type Neo4jConnection, type Neo4jTarget, type Patience } from './neo4j-connection.ts'

export interface Neo4jOptions extends Neo4jTarget {
  log: Log
  /** For tests; a read waits 10 seconds, a write 30. */
  patience?: Patience
}

const defaultPatience: Patience = { readMs: 10_000, writeMs: 30_000 }

/**
 * The graph on a Neo4j of its own, version 5 or later. Opens whether it answers or not: until it does, every verb throws EngineUnavailable, and the
 * first one that reaches it makes its constraints.
 */
export function openNeo4j({ log, patience = defaultPatience, ...target }: Neo4jOptions): Graph {
  return createGraph(createEngine(connectNeo4j(target, patience), log))
}

function createEngine(connection: Neo4jConnection, log: Log): CypherEngine {
  const prepare = once(() => makeConstraints(connection, log))
  return {
    async read(statement) {
      await prepare()
      return connection.transact('read', (transaction) => run(transaction, statement))
    },
    async write(work) {
      await prepare()
      return connection.transact('write', (transaction) => inTurn(transaction, work))
    },
    health: async () => void (await connection.describe()),
    // Its store takes the space again; what its transaction log keeps is a setting of the server.
    async compact() {},
    close: () => connection.close(),
  }
}

/**
 * Transactions that create and count the same entities would deadlock, or each see what the other is about to remove. Those of one organisation
 * therefore take turns, over all processes; those of different ones do not meet. A statement that answers nothing is sent and not waited for: the
 * engine takes them in order, and the transaction is not kept before all have succeeded.
 */
async function inTurn<T>(
  transaction: ManagedTransaction,
  work: (run: (statement: Statement) => Promise<Row[]>) => Promise<T>,
): Promise<T> {
  const sent: Promise<Row[]>[] = []
  const send = (statement: Statement): Promise<Row[]> => {
    const running = run(transaction, statement)
    running.catch(() => {})
    sent.push(running)
    return running
  }
  try {
    return await work(async (statement) => {
      if (sent.length === 0) void send(takeTurn(statement))
      const running = send(statement)
      return answersRows(statement) ? running : []
    })
  } finally {
    // The first that failed is why; what came after it only says that the transaction is over.
    for (const running of sent) await running
  }
}

function takeTurn({ parameters }: Statement): Statement {
  const text = cypherVerbs.get('take_turn')
  if (text === undefined) throw new Error('cypher/take_turn.cypher is not there.')
  return { text, parameters: { organizationId: parameters.organizationId } }
}

function answersRows({ text }: Statement): boolean {
  return /^RETURN\b/m.test(text)
}

async function run(transaction: ManagedTransaction, { text, parameters }: Statement): Promise<Row[]> {
  const { records } = await transaction.run(text, toParameters(parameters))
  return records.map((record) => record.toObject())
}

/** Each in a transaction of its own, as the engine wants it; those that are there stay as they are. */
async function makeConstraints(connection: Neo4jConnection, log: Log): Promise<void> {
  for (const text of neo4jConstraints)
    await connection.transact('write', (transaction) => run(transaction, { text, parameters: {} }))
  log.info({ engine: await connection.describe() }, 'The graph engine is ready.')
}

/** Runs `work` until it has succeeded once; callers meanwhile share one try. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null
  return () => {
    done ??= work().catch((error: unknown) => {
      done = null
      throw error
    })
    return done
  }
}

/** JavaScript has one kind of number; Neo4j takes a whole one for SKIP, LIMIT and a list's bounds. */
function toParameters(parameters: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, toNeo4j(value)]))
}

function toNeo4j(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? neo4j.int(value) : value
  if (Array.isArray(value)) return value.map(toNeo4j)
  if (typeof value === 'object' && value !== null) return toParameters({ ...value })
  return value
}
