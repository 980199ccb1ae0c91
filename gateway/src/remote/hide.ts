import type { ExecutionResult, GraphQLError } from 'graphql'
import type { Log } from '@passerelle/platform/log'
import { isForClients } from '../engine/failures.ts'

interface HideOptions {
  name: string
  requestId: string
  log: Log
  gone: AbortSignal
}

/**
 * What a subgraph's process tells of its failures: refusals whole, of anything else only that it happened. The reason is logged here, where
 * its stack is known, under the request's id. That the gateway has gone, which is what `gone` says, is no failure.
 */
export function createHide({ name, requestId, log, gone }: HideOptions) {
  const hidden = (error: GraphQLError): object => {
    const { message, path, extensions, originalError } = error
    if (isForClients(error)) return { message, path, extensions }
    const err = originalError ?? error
    if (!gone.aborted || err !== gone.reason)
      log.error({ err, path: path?.join('.'), requestId }, 'a field could not be answered')
    return { message: `This failed in ${name}, whose log has the reason.`, path }
  }
  return ({ data, errors }: ExecutionResult): object => (errors ? { data, errors: errors.map(hidden) } : { data })
}
