import type { GraphQLError, GraphQLFormattedError } from 'graphql'
import type { Log } from '@passerelle/platform/log'
import type { Viewer } from '@passerelle/platform/schema'
import { refusedOperations, traced } from '@passerelle/platform/telemetry'
import { isForClients, maskedMessage } from '../engine/failures.ts'
import { mayIntrospect, type AccessPolicy } from '../limits/policy.ts'

/** To whom errors are told, and of which request. */
export interface Told {
  requestId: string
  viewer: Viewer | null
  door: 'http' | 'websocket'
}

/** The errors as a client may read them. Each carries the request's id, under which the log has them. */
export type Tell = (errors: readonly (GraphQLError | GraphQLFormattedError)[], to: Told) => GraphQLFormattedError[]

/** Characters of a message: some repeat what they complain of, which may be a megabyte, once for each fault. */
const MOST_MESSAGE = 500

/** Codes that the gateway itself refuses with, beside those that subgraphs write for clients. */
const ownCodes: ReadonlySet<unknown> = new Set([
  'BAD_REQUEST',
  'CANCELLED',
  'DOCUMENT_NOT_TRUSTED',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'INTROSPECTION_OFF',
  'METHOD_NOT_ALLOWED',
  'OPERATION_RESOLUTION_FAILURE',
  'OPERATION_TOO_LARGE',
  'PERSISTED_QUERY_NOT_FOUND',
])

const toldExtensions = [
  'code',
  'engine',
  'what',
  'limit',
  'limitedBy',
  'retryAfter',
  'used',
  'resetsAt',
  'cost',
] as const

/**
 * The last wall before a client: what was not written for clients is masked, what is known of the schema is told only to those who may ask for it,
 * and everything that is told is in the log.
 */
export function createTell({ policy, log }: { policy: AccessPolicy; log: Log }): Tell {
  return (errors, { requestId, viewer, door }) => {
    const hints = mayIntrospect(policy, viewer)
    const told = errors.map((error) => {
      const isTold = isWrittenForClients(error)
      if (!isTold) log.error({ err: error, requestId, door }, 'an operation failed')
      return toTold(error, { requestId, isTold, hints })
    })
    note(told, { requestId, viewer, door })
    return told
  }

  function note(told: readonly GraphQLFormattedError[], { requestId, viewer, door }: Told): void {
    const codes = new Set(told.map(({ extensions }) => extensions?.code))
    // A client that has gone was refused nothing.
    codes.delete('CANCELLED')
    if (codes.size === 0) return
    for (const { extensions } of told) refusedOperations.inc({ door, reason: reasonOf(extensions ?? {}) })
    const organizationId = viewer?.organizationId
    const attributes = {
      'passerelle.request_id': requestId,
      'passerelle.door': door,
      'passerelle.codes': [...codes].map(String),
    }
    traced('GraphQL refused', { attributes }, () => undefined)
    log.info({ requestId, door, codes: [...codes], organizationId }, 'an operation was refused, whole or in part')
  }
}

function isWrittenForClients(error: GraphQLError | GraphQLFormattedError): boolean {
  const code = error.extensions?.code
  if (isForClients(error) || ownCodes.has(code)) return true
  // The engine has masked it, and logged what it was.
  return code === 'INTERNAL_SERVER_ERROR' && error.extensions?.requestId !== undefined
}

function toTold(
  error: GraphQLError | GraphQLFormattedError,
  { requestId, isTold, hints }: { requestId: string; isTold: boolean; hints: boolean },
): GraphQLFormattedError {
  const { path, locations } = error
  const extensions: Record<string, unknown> = isTold ? {} : { code: 'INTERNAL_SERVER_ERROR' }
  if (isTold)
    for (const name of toldExtensions)
      if (error.extensions?.[name] !== undefined) extensions[name] = error.extensions[name]
  const message = isTold ? error.message : maskedMessage(requestId)
  return {
    message: short(hints ? message : withoutHints(message)),
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: { ...extensions, requestId },
  }
}

function short(message: string): string {
  return message.length > MOST_MESSAGE ? `${message.slice(0, MOST_MESSAGE).toWellFormed()}…` : message
}

/** Names of the schema that were nearly met are part of the schema. */
function withoutHints(message: string): string {
  return message.replace(/ Did you mean [^?]*\?/g, '')
}

/** Why something was refused, for the figures: names of ours alone. */
function reasonOf({ code, what, limitedBy }: Record<string, unknown>): string {
  return String(limitedBy ?? what ?? code)
}
