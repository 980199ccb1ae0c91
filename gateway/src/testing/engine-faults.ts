import { createConnection } from 'node:net'
import { GraphQLError } from 'graphql'
import { EngineUnavailable, InvalidInput } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'

/** Somewhere nobody listens. */
async function refusedConnection(): Promise<never> {
  await new Promise((_, reject) => createConnection(1, '127.0.0.1').once('error', reject))
  throw new Error('Somebody listens there.')
}

/** An error as a driver throws it: with an address, a query, and more beside it. */
function driverError(name: string, message: string, more: object): Error {
  return Object.assign(new Error(message), { name, ...more })
}

/** Something that goes wrong, and what of it must be in the log. */
export interface Fault {
  provoke(engines: Pick<Platform, 'sql' | 'coordination'>): unknown
  logged: string
}

/** What goes wrong, in every engine and every way in which something does. */
export const engineFaults: Readonly<Record<string, Fault>> = {
  'a query that SQL does not take': {
    provoke: ({ sql }) => sql.query('select hidden_column from hidden_table'),
    logged: 'hidden_table',
  },
  'a rule of a table': {
    provoke: ({ sql }) => sql.query(`select 1 / (length('hidden value') - 12)`),
    logged: 'division by zero',
  },
  'a limit that makes no sense': {
    provoke: ({ coordination }) => coordination.limit('org_hidden', 'key', { limit: Number.NaN, windowSeconds: -1 }),
    logged: '',
  },
  'a query that the graph does not take': {
    provoke: () => {
      throw driverError('Neo4jError', "Invalid input: 'MATCH (n:Hidden {organizationId: $o}) RETRUN n'", {
        code: 'Neo.ClientError.Statement.SyntaxError',
        query: 'MATCH (n:Hidden)',
        address: 'bolt://10.0.0.7:7687',
      })
    },
    logged: 'RETRUN',
  },
  'an answer of the search index': {
    provoke: () => {
      throw driverError('ApiError', 'Bad Request', {
        url: 'http://10.0.0.8:6333/collections/hidden',
        data: { status: { error: 'hidden vector' } },
      })
    },
    logged: 'hidden vector',
  },
  'a bucket that is not there': {
    provoke: () => {
      throw driverError('NoSuchBucket', 'The specified bucket does not exist', {
        $metadata: { httpStatusCode: 404 },
        BucketName: 'hidden-bucket',
        endpoint: 'http://10.0.0.9:9000',
      })
    },
    logged: 'hidden-bucket',
  },
  'nobody at an address': { provoke: refusedConnection, logged: 'ECONNREFUSED' },
  'a model that says something else': {
    provoke: () => JSON.parse('<html>hidden proxy of 10.0.0.10</html>'),
    logged: 'SyntaxError',
  },
  'a fault of ours': {
    provoke: () => (undefined as { hidden?: string } | undefined)!.hidden!.length,
    logged: 'TypeError',
  },
  'something that is no error': { provoke: () => Promise.reject('hidden text'), logged: '' },
  'an error with a stack beside it': {
    provoke: () => {
      throw new GraphQLError('select hidden from hidden', {
        extensions: {
          code: 'INTERNAL_SERVER_ERROR',
          stacktrace: ['at hidden (/srv/hidden.ts:1:1)'],
          requestId: 'req_forged',
        },
      })
    },
    logged: 'select hidden from hidden',
  },
  'a refusal with more in it than its code': {
    provoke: () => {
      throw new GraphQLError('This is not for you.', {
        extensions: { code: 'FORBIDDEN', query: 'select hidden', exception: { stacktrace: ['hidden'] } },
      })
    },
    logged: '',
  },
  'an engine that is away': {
    provoke: () => {
      throw new EngineUnavailable('graph', new Error('connect ECONNREFUSED 10.0.0.7:7687 hidden'))
    },
    logged: '',
  },
  'an input that is refused': {
    provoke: () => {
      throw new InvalidInput('That is too long.', ['hidden'])
    },
    logged: '',
  },
}
