import type { WebSocket } from 'ws'
import { clientGone, createDeadline, type Deadline } from '../deadline.ts'
import type { Cost } from '../limits/rates.ts'
import type { Session } from './session.ts'

/** An operation that a connection has open, from its message to the end of its work. */
export interface OpenOperation {
  id: string
  socket: WebSocket
  session: Session
  requestId: string
  caller: string | undefined
  /** Nulls until it was admitted. */
  cost: Cost | null
  deadline: Deadline | null
  /** Aborted when the client does not want it any more. */
  gone: AbortController
}

/** The operations of one connection. A client may use an id again while the work of its first use goes on: each message is one operation. */
export interface OpenOperations {
  readonly size: number
  begin(
    message: object,
    operation: Omit<OpenOperation, 'cost' | 'deadline' | 'gone'>,
    giveBack: () => void,
  ): OpenOperation
  /** Starts the time that it has; undefined when it was cancelled meanwhile. */
  admit(message: object, given: { cost: Cost; milliseconds: number | null }): OpenOperation | undefined
  /** Frees what the operation still holds; its work hears that nobody waits for it. */
  finish(message: object): void
  /** The client wants the answer of this id no more. An open subscription is ended by whoever reads its events. */
  cancel(id: string): void
  close(): void
}

export function createOpenOperations(): OpenOperations {
  const open = new Map<object, { operation: OpenOperation; giveBack(): void }>()
  const finish = (message: object): void => {
    const found = open.get(message)
    if (!found) return
    open.delete(message)
    found.operation.gone.abort(clientGone())
    found.operation.deadline?.end()
    found.giveBack()
  }
  return {
    get size() {
      return open.size
    },
    begin(message, given, giveBack) {
      const operation: OpenOperation = { ...given, cost: null, deadline: null, gone: new AbortController() }
      open.set(message, { operation, giveBack })
      return operation
    },
    admit(message, { cost, milliseconds }) {
      const operation = open.get(message)?.operation
      if (!operation || operation.gone.signal.aborted) return undefined
      operation.cost = cost
      operation.deadline = createDeadline({ milliseconds, signal: operation.gone.signal })
      return operation
    },
    finish,
    cancel(id) {
      for (const { operation } of open.values()) {
        const isSubscription = operation.deadline?.milliseconds === null
        if (operation.id === id && !isSubscription) operation.gone.abort(clientGone())
      }
    },
    close() {
      for (const message of open.keys()) finish(message)
    },
  }
}
