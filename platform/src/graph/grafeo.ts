import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import grafeo, { type GrafeoDB, type QueryResult } from '@grafeo-db/js'
import type { Log } from '../log/log.ts'
import { EngineUnavailable, Refusal } from '../schema/refusals.ts'
import { cypherConstraints } from './cypher.ts'
import { createGraph } from './cypher-graph.ts'
import type { CypherEngine, Row, Statement } from './engine.ts'
import type { Graph } from './graph.ts'

export interface GrafeoOptions {
  /** The one file the graph is kept in; its write-ahead log lies beside it. One process at a time holds it. */
  path: string
  log: Log
}

/** The write-ahead log is folded into the file when it has grown this far, so that opening after a crash stays quick. */
const checkpointBytes = 64 * 1024 * 1024

/**
 * Opens the embedded graph. A file that cannot be read any more is put aside as `<path>.damaged` and an empty one takes its place: consumers then find
 * their applied position at '0' and replay the fact log. A file that another process holds, or that cannot be opened just now, stays where it is: that is
 * EngineUnavailable.
 */
export async function openGrafeo({ path, log }: GrafeoOptions): Promise<Graph> {
  await mkdir(dirname(path), { recursive: true })
  const db = await openOrReplace(path, log)
  db.setCheckpointTriggers({ walBytes: checkpointBytes })
  for (const statement of cypherConstraints) await db.executeCypher(statement)
  return createGraph(createEngine(db))
}

function createEngine(db: GrafeoDB): CypherEngine {
  const inTurn = createQueue()
  let closed = false
  const answer = async <T>(work: () => Promise<T>): Promise<T> => {
    if (closed) throw new EngineUnavailable('graph')
    try {
      return await work()
    } catch (error) {
      throw isOutage(error) ? new EngineUnavailable('graph', error) : error
    }
  }
  return {
    read: (statement) => answer(async () => toRows(await db.executeCypher(statement.text, statement.parameters))),
    write: (work) => inTurn(() => answer(() => inTransaction(db, work))),
    health: () => answer(async () => void (await db.executeCypher('RETURN 1 AS one'))),
    compact: () =>
      inTurn(() =>
        answer(async () => {
          db.compact()
        }),
      ),
    close: () =>
      inTurn(async () => {
        if (closed) return
        closed = true
        db.close()
      }),
  }
}

async function inTransaction<T>(
  db: GrafeoDB,
  work: (run: (statement: Statement) => Promise<Row[]>) => Promise<T>,
): Promise<T> {
  const transaction = db.beginTransaction()
  try {
    const result = await work(async ({ text, parameters }) => toRows(await transaction.executeCypher(text, parameters)))
    transaction.commit()
    return result
  } catch (error) {
    if (transaction.isActive) transaction.rollback()
    throw error
  }
}

function toRows(result: QueryResult): Row[] {
  return result.toArray()
}

/** One writer at a time: parallel transactions on the same nodes conflict, or each create what is missing. */
function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => {})
    return mine
  }
}

async function openOrReplace(path: string, log: Log): Promise<GrafeoDB> {
  try {
    return grafeo.GrafeoDB.create(path)
  } catch (error) {
    if (!isDamage(error)) throw new EngineUnavailable('graph', error)
    log.error(
      { err: error, path, keptAs: `${path}.damaged` },
      'The graph file cannot be read; starting with an empty graph, which is filled again from the fact log.',
    )
    await putAside(path)
    return grafeo.GrafeoDB.create(path)
  }
}

/** What the engine says of a file it has read and cannot understand. Everything else (a lock, no rights, no file descriptors left) passes, and the file is good. */
function isDamage(error: unknown): boolean {
  return error instanceof Error && /GRAFEO-(S002|X002)\b/.test(error.message) && !/\(os error \d+\)/.test(error.message)
}

/** Keeps the last damaged file for whoever wants to look, and no more than that one. */
async function putAside(path: string): Promise<void> {
  for (const suffix of ['', '.wal']) {
    await rm(`${path}${suffix}.damaged`, { recursive: true, force: true })
    await rename(`${path}${suffix}`, `${path}${suffix}.damaged`).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  }
}

/** What a caller did wrong, and errors in a statement (GRAFEO-Q…), stay what they are; everything else is the engine's. */
function isOutage(error: unknown): boolean {
  return (
    !(error instanceof Refusal || error instanceof TypeError) &&
    !(error instanceof Error && error.message.includes('GRAFEO-Q'))
  )
}
