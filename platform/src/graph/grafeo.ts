import { mkdir, open, rename, rm } from 'node:fs/promises'
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
export async function openGrafeo(options: GrafeoOptions): Promise<Graph> {
  await mkdir(dirname(options.path), { recursive: true })
  await rm(compactedFile(options), { recursive: true, force: true })
  return createGraph(createEngine(await openDatabase(options), options))
}

async function openDatabase({ path, log }: GrafeoOptions): Promise<GrafeoDB> {
  const db = await openOrReplace(path, log)
  db.setCheckpointTriggers({ walBytes: checkpointBytes })
  for (const statement of cypherConstraints) await db.executeCypher(statement)
  return db
}

/** Where a copy is written that is to take the file's place. */
function compactedFile({ path }: GrafeoOptions): string {
  return `${path}.compacted`
}

function createEngine(first: GrafeoDB, options: GrafeoOptions): CypherEngine {
  const inTurn = createQueue()
  const reading = new Set<Promise<unknown>>()
  // Null while the file is exchanged, and for as long as it could not be opened after that.
  let db: GrafeoDB | null = first
  let exchange: Promise<unknown> | null = null
  let closed = false
  const answer = async <T>(work: () => Promise<T>): Promise<T> => {
    if (closed) throw new EngineUnavailable('graph')
    try {
      return await work()
    } catch (error) {
      throw isOutage(error) ? new EngineUnavailable('graph', error) : error
    }
  }
  const read = async ({ text, parameters }: Statement): Promise<Row[]> => {
    while (exchange) await exchange
    if (!db) throw new EngineUnavailable('graph')
    const asked = db.executeCypher(text, parameters)
    reading.add(asked)
    try {
      return toRows(await asked)
    } finally {
      reading.delete(asked)
    }
  }
  /** The caller has its turn. */
  const present = async (): Promise<GrafeoDB> => (db ??= await openDatabase(options))
  return {
    read: (statement) => answer(() => read(statement)),
    write: (work) => inTurn(() => answer(async () => inTransaction(await present(), work))),
    health: () => answer(async () => void (await read({ text: 'RETURN 1 AS one', parameters: {} }))),
    compact: () =>
      inTurn(() =>
        answer(async () => {
          const held = await present()
          const { promise, resolve } = Promise.withResolvers<void>()
          exchange = promise
          try {
            await Promise.allSettled(reading)
            await exchangeFile(held, { options, closed: () => (db = null) })
            db = await openDatabase(options)
          } finally {
            exchange = null
            resolve()
          }
        }),
      ),
    close: () =>
      inTurn(async () => {
        if (closed) return
        closed = true
        db?.close()
      }),
  }
}

/**
 * Puts a copy of what is there in the place of the file: the engine's own compaction leaves the words of deleted rows in it. Whatever happens on the way, the
 * file is whole: closed, it has no log beside it.
 */
async function exchangeFile(
  db: GrafeoDB,
  { options, closed }: { options: GrafeoOptions; closed: () => void },
): Promise<void> {
  const copy = compactedFile(options)
  await rm(copy, { recursive: true, force: true })
  db.compact()
  db.save(copy)
  await syncFile(copy)
  db.close()
  closed()
  await rename(copy, options.path)
  await syncFile(dirname(options.path))
  for (const suffix of ['', '.wal']) await rm(`${options.path}${suffix}.damaged`, { recursive: true, force: true })
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path)
  try {
    await handle.sync()
  } finally {
    await handle.close()
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
