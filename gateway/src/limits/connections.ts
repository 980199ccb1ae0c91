import type { Viewer } from '@passerelle/platform/schema'
import { placeOf } from '@passerelle/platform/identity/networks'

/** What may be open at a time over WebSocket, in this process. */
export interface ConnectionLimits {
  /** Connections from one network address, logged in or not. */
  perAddress: number
  /** Connections of one session or key. */
  perViewer: number
  /** Operations of one connection, and of one session or key on all of its connections. */
  operations: number
  operationsPerViewer: number
  /** The same two of one client of an organisation, over all links and accounts of theirs: each change is read again for each of their subscriptions. */
  perClient: number
  operationsPerClient: number
  /** Messages that a connection may send within ten seconds. */
  messages: number
  /** Bytes that wait for a client that does not read. */
  unsentBytes: number
}

export const defaultConnections: ConnectionLimits = {
  perAddress: 5_000,
  perViewer: 2_500,
  operations: 100,
  operationsPerViewer: 5_000,
  perClient: 50,
  operationsPerClient: 250,
  messages: 1_000,
  unsentBytes: 32 * 1024 * 1024,
}

/** Counts what is open under a name. `take` answers how to give back, or null when there are as many as there may be. */
interface Counter {
  take(name: string): (() => void) | null
}

export interface Connections {
  limits: ConnectionLimits
  perAddress: Counter
  /** Counts a connection, or an operation, of whoever asks. */
  takeConnection(asked: Asking): (() => void) | null
  takeOperation(asked: Asking): (() => void) | null
}

/** Who has a connection, and the network address that it comes from. */
export interface Asking {
  viewer: Viewer | null
  caller: string | undefined
}

export function createConnections(limits: ConnectionLimits): Connections {
  return {
    limits,
    perAddress: createCounter(limits.perAddress),
    takeConnection: createTake(createCounter(limits.perViewer), createCounter(limits.perClient)),
    takeOperation: createTake(createCounter(limits.operationsPerViewer), createCounter(limits.operationsPerClient)),
  }
}

function createTake(ofViewers: Counter, ofClients: Counter): Connections['takeConnection'] {
  return ({ viewer, caller }) =>
    viewer?.clientId
      ? ofClients.take(`${viewer.organizationId} ${viewer.clientId}`)
      : ofViewers.take(viewer?.keyId ?? viewer?.sessionId ?? viewer?.userId ?? `anonymous ${placeOf(caller)}`)
}

function createCounter(most: number): Counter {
  const counts = new Map<string, number>()
  return {
    take(name) {
      const count = counts.get(name) ?? 0
      if (count >= most) return null
      counts.set(name, count + 1)
      let given = false
      return () => {
        if (given) return
        given = true
        const left = (counts.get(name) ?? 1) - 1
        if (left > 0) counts.set(name, left)
        else counts.delete(name)
      }
    },
  }
}

/** Hears of every message; answers false for one too many within ten seconds. */
export function createMessageCount(most: number): () => boolean {
  const windowMs = 10_000
  let since = 0
  let count = 0
  return () => {
    const now = Date.now()
    if (now - since >= windowMs) {
      since = now
      count = 0
    }
    return ++count <= most
  }
}
