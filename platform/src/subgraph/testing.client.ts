import { createSourceEventStream, execute, parse, validate, type ExecutionArgs, type ExecutionResult } from 'graphql'
import { shownCursors } from '../facts/shown-cursors.ts'
import { newId } from '../ids/ids.ts'
import type { Viewer } from '../schema/viewer.ts'
import type { Platform, RequestInfo, Subgraph } from './subgraph.ts'

export interface TestClient {
  /** Validated and executed in a context of its own, answered as plain JSON; faults of the test's own document are thrown. */
  ask<Data = Record<string, unknown>>(
    viewer: Viewer | null,
    text: string,
    variables?: Record<string, unknown>,
  ): Promise<TestAnswer<Data>>
  /** The data of an answer without errors; the first error is thrown. */
  data<Data = Record<string, unknown>>(
    viewer: Viewer | null,
    text: string,
    variables?: Record<string, unknown>,
  ): Promise<Data>
  /** Every event in a context of its own, as the gateway does; a refused subscription throws its first error. */
  subscribe<Data = Record<string, unknown>>(
    viewer: Viewer | null,
    text: string,
    variables?: Record<string, unknown>,
  ): Promise<TestEvents<Data>>
  /** The cursor from which what the viewer follows goes on after this moment: one that follows without begins a little later. */
  now(viewer: Viewer): Promise<string>
}

export interface TestEvents<Data> {
  next(): Promise<TestAnswer<Data>>
  end(): Promise<void>
}

export interface TestAnswer<Data> {
  data: Data
  errors: { message: string; path?: (string | number)[]; extensions?: { code?: string } }[]
}

/** A client of one subgraph's schema, without a gateway between. */
export function createTestClient(platform: Platform, { schema, createContext }: Subgraph): TestClient {
  function prepare(viewer: Viewer | null, text: string, variableValues: Record<string, unknown>): () => ExecutionArgs {
    const document = parse(text)
    const [fault] = validate(schema, document)
    if (fault) throw fault
    const request = (): RequestInfo => ({
      viewer,
      requestId: newId('req'),
      signal: new AbortController().signal,
      log: platform.log,
    })
    return () => ({ schema, document, variableValues, contextValue: createContext(platform, request()) })
  }
  async function ask<Data>(
    viewer: Viewer | null,
    text: string,
    variables: Record<string, unknown> = {},
  ): Promise<TestAnswer<Data>> {
    return toAnswer(await execute(prepare(viewer, text, variables)()))
  }
  return {
    ask,
    async data<Data>(viewer: Viewer | null, text: string, variables?: Record<string, unknown>) {
      const { data, errors } = await ask<Data>(viewer, text, variables)
      if (errors[0]) throw new Error(`${errors[0].path?.join('.')}: ${errors[0].message}`)
      return data
    },
    async subscribe(viewer, text, variables = {}) {
      return openEvents(prepare(viewer, text, variables))
    },
    now: async (viewer) => shownCursors(platform, viewer).show(await platform.facts.head(viewer.organizationId)),
  }
}

async function openEvents<Data>(args: () => ExecutionArgs): Promise<TestEvents<Data>> {
  const source = await createSourceEventStream(args())
  if (!(Symbol.asyncIterator in source))
    throw source.errors?.[0] ?? new Error('The subscription was refused without a word.')
  const events = source[Symbol.asyncIterator]()
  return {
    async next() {
      const { value, done } = await events.next()
      if (done) throw new Error('The subscription has ended.')
      return toAnswer(await execute({ ...args(), rootValue: value }))
    },
    async end() {
      await events.return?.()
    },
  }
}

function toAnswer<Data>(result: ExecutionResult): TestAnswer<Data> {
  return JSON.parse(JSON.stringify({ data: result.data ?? null, errors: result.errors ?? [] }))
}
