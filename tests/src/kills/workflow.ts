import { setTimeout as sleep } from 'node:timers/promises'
import { createApiClient } from '../client.ts'
import type { Passerelle } from '../passerelle.ts'
import { openReceiver, type Received, type Receiver } from './receiver.ts'

/** What a workflow is sent. */
export interface Order {
  runId: string
  input: { number: number }
  callback: { key: string; progress: string; complete: string }
}

/** A workflow outside that squares numbers. It begins a run once, however often it is asked to, as its makers are told to have it. */
export interface Workflow {
  receiver: Receiver
  /** The numbers that it has begun to work on. */
  begun: number[]
  /** Takes an order and tells what came of it by its key, until it has been heard. */
  takeAndReport(request: Received): { status: number }
  /** Takes an order and answers what came of it. */
  takeAndAnswer(request: Received): { status: number; body: string }
  /** Takes an order, tells that it is half done, and is never done: its answer would be what came of it. */
  takeAndStay(request: Received): Promise<never>
  /** Resolves when the house has next heard of a run: how it goes, or what came of it. */
  heard(): Promise<void>
  close(): Promise<void>
}

/** Starts it for a house, whose address may change. */
export async function openWorkflow(house: Passerelle): Promise<Workflow> {
  const receiver = await openReceiver()
  const begun: number[] = []
  const known = new Set<string>()
  const ending = new AbortController()
  let told = Promise.withResolvers<void>()

  function take(request: Received): { order: Order; isNew: boolean } {
    const order = JSON.parse(request.body) as Order
    const isNew = !known.has(request.id)
    known.add(request.id)
    if (isNew) begun.push(order.input.number)
    return { order, isNew }
  }

  async function tell(text: string, input: object): Promise<void> {
    await createApiClient(house.url, null).ask(text, { input })
    told.resolve()
    told = Promise.withResolvers()
  }

  async function report({ callback, input }: Order): Promise<void> {
    const outcome = { key: callback.key, state: 'DONE', result: resultOf(input) }
    for (; !ending.signal.aborted; await sleep(100))
      try {
        return await tell(callback.complete, outcome)
      } catch {
        // The house is being killed, or starts.
      }
  }

  return {
    receiver,
    begun,
    takeAndReport(request) {
      const { order, isNew } = take(request)
      if (isNew) void report(order)
      return { status: 202 }
    },
    takeAndAnswer: (request) => ({ status: 200, body: JSON.stringify(resultOf(take(request).order.input)) }),
    async takeAndStay(request) {
      const { callback } = take(request).order
      await tell(callback.progress, { key: callback.key, progress: 0.5 })
      return Promise.withResolvers<never>().promise
    },
    heard: () => told.promise,
    async close() {
      ending.abort()
      await receiver.close()
    },
  }
}

function resultOf({ number }: Order['input']): { square: number } {
  return { square: number ** 2 }
}
