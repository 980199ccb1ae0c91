import { GraphQLError } from 'graphql'
import type { Path } from './complete.ts'

/** Errors with these codes were written for the client, by whoever threw them. Every other error is masked. */
const publicCodes: ReadonlySet<unknown> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'QUOTA_EXCEEDED',
  'RATE_LIMITED',
  'ENGINE_UNAVAILABLE',
  'TIMED_OUT',
])

/** What a subgraph reports: a refusal or GraphQLError of this process, or the JSON of one that came over a wire. */
export interface SubgraphError {
  message: string
  path?: readonly (string | number)[] | undefined
  extensions?: Record<string, unknown> | undefined
}

/** A failure with all that is known about it, for the log. */
export interface Failure {
  error: unknown
  subgraph: string | null
  path: Path
  requestId: string
}

export type OnFailure = (failure: Failure) => void

/**
 * The client's version of a failure: what was written for a client passes with its code; of anything else it learns only that it
 * happened and under which request id the log has the rest.
 */
export function toClientError(failure: Failure, onFailure: OnFailure): GraphQLError {
  const { error, path, requestId } = failure
  const told = publicError(error)
  if (told) return new GraphQLError(told.message, { path, extensions: told.extensions })
  onFailure(failure)
  return masked(maskedMessage(requestId), { path, requestId })
}

/** What is said of a failure whose reason is for the log alone. */
export function maskedMessage(requestId: string): string {
  return `This could not be answered. The log has the reason under the request id ${requestId}.`
}

/** An error whose message says nothing that a client may not know; that it has the request's id tells the doors so. */
export function masked(message: string, { path, requestId }: { path: Path; requestId: string }): GraphQLError {
  return new GraphQLError(message, { path, extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } })
}

interface Told {
  message: string
  extensions: Record<string, unknown>
}

/** Whether an error was written for the client. */
export function isForClients(error: { extensions?: Record<string, unknown> | undefined }): boolean {
  return publicCodes.has(error.extensions?.code)
}

function publicError(error: unknown): Told | null {
  if (!isSubgraphError(error) || !isForClients(error)) return null
  const { code, engine } = error.extensions ?? {}
  return { message: error.message, extensions: engine === undefined ? { code } : { code, engine } }
}

function isSubgraphError(error: unknown): error is SubgraphError {
  return (
    typeof error === 'object' &&
    error !== null &&
    'message' in error &&
    typeof error.message === 'string' &&
    'extensions' in error
  )
}
