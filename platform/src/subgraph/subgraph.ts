import type { IncomingMessage, ServerResponse } from 'node:http'
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql'
import type { ApprovalKind, ApprovalKinds } from '../approvals/kind.ts'
import type { Blobs } from '../blobs/blobs.ts'
import type { Coordination } from '../coordination/coordination.ts'
import type { Facts } from '../facts/facts.ts'
import type { Graph } from '../graph/graph.ts'
import type { TokenKeys } from '../identity/tokens.ts'
import type { Jobs, Queue } from '../jobs/jobs.ts'
import type { Log } from '../log/log.ts'
import type { Mail } from '../mail/mail.ts'
import type { Models } from '../models/models.ts'
import type { Outgoing } from '../outgoing/outgoing.ts'
import type { ErasureLedger } from '../privacy/ledger.ts'
import type { PersonalData } from '../privacy/privacy.ts'
import type { Viewer } from '../schema/viewer.ts'
import type { MigrationSet } from '../sql/migrate.ts'
import type { SealedTable, Sealing } from '../sealing/sealing.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Sql } from '../sql/sql.ts'
import type { Level } from '../usage/usage.ts'
import type { Vectors } from '../vectors/vectors.ts'

/** Everything a subgraph may stand on, opened once per process by whoever composes it. */
export interface Platform {
  sql: Sql
  jobs: Jobs
  facts: Facts
  vectors: Vectors
  graph: Graph
  coordination: Coordination
  blobs: Blobs
  models: Models
  mail: Mail
  /** Closes fields about people before they reach a store. */
  sealing: Sealing
  /** Asks the addresses that customers name. */
  outgoing: Outgoing
  /** Where untrusted bytes are read and heavy text work is done. */
  sandbox: Sandbox
  /** Signs and checks access tokens and file links. */
  keys: TokenKeys
  log: Log
  /** What the rooms have people say yes to, by name. */
  approvalKinds: ApprovalKinds
  /** Reads the federated graph with a viewer's rights: how the AI and the jobs see the rest of the house. */
  readGraph: ReadGraph
  /** What was erased, outside the database. */
  erasures: ErasureLedger
  /** Every table of every room with columns that are sealed. */
  sealedTables: readonly SealedTable[]
  /** What every room knows of people, by the name of the room. */
  personalData: ReadonlyMap<string, PersonalData>
  /** What every room counts towards what an organisation may have. */
  levels: readonly Level[]
}

/** Queries only; fixed documents with variables, never text from a model. Rejects when the signal aborts. */
export type ReadGraph = (request: {
  viewer: Viewer
  document: DocumentNode
  variables?: Record<string, unknown>
  signal?: AbortSignal
}) => Promise<ExecutionResult>

/** What a resolver always has. `viewer` is null for a request without a token. */
export interface BaseContext {
  viewer: Viewer | null
  requestId: string
  /** The network address that the request came from, where one did: what limits of those who have no token count by. */
  caller?: string | undefined
  /** Aborted when the client has gone. */
  signal: AbortSignal
  log: Log
}

export type RequestInfo = BaseContext

/** The one door of a subgraph. */
export interface Subgraph {
  name: string
  schema: GraphQLSchema
  migrations: MigrationSet
  queues: readonly Queue<object>[]
  /** A fresh context per request and per subscription event: its loaders never outlive an answer. */
  createContext(platform: Platform, request: RequestInfo): BaseContext
  /** What it does when somebody asks what is known of them, or wants it gone. */
  personalData?: PersonalData
  /** Its columns that are about people, which a round keeps sealed. */
  sealedTables?: readonly SealedTable[]
  /** What it has people say yes to before it is done. */
  approvalKinds?: readonly ApprovalKind[]
  /** The blobs that its rows hold, for whoever copies them: a query that answers organization_id and hash. */
  heldBlobs?: string
  /** The same for blobs that are there for a while, and in no backup: archives, and what arrives. */
  passingBlobs?: string
  /** What it keeps that counts towards what an organisation may have. */
  levels?: readonly Level[]
  reindex?: Reindex
  /** Plain HTTP, such as the upload's bytes. */
  routes?: readonly SubgraphRoute[]
  /** Starts the jobs and consumers of a process that does work. */
  work?(platform: Platform): Promise<Work>
}

/** How what a subgraph keeps in the search index is written again from its rows. What is there serves until it is replaced. */
export interface Reindex {
  /** Asks for it, in jobs of the organisation: all of it, or only what had vectors. */
  ask(platform: Pick<Platform, 'sql' | 'jobs'>, organizationId: string, what: 'all' | 'dense'): Promise<void>
  /** How many of those jobs are not done yet. */
  remaining(platform: Pick<Platform, 'jobs'>, organizationId: string): Promise<number>
  /** Removes from the index what is in no row any more. */
  settle(platform: Pick<Platform, 'sql' | 'vectors'>, organizationId: string): Promise<void>
}

export interface Work {
  stop(): Promise<void>
}

interface RoutePlace {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** Matches the path and everything below it: `/files`. */
  prefix: string
}

/** What a subgraph answers, known before there is anything to answer it with. */
export interface SubgraphRoute extends RoutePlace {
  open(platform: Platform): Route['handle']
}

/** A route that can be gone. */
export interface Route extends RoutePlace {
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    info: { requestId: string; log: Log; url: URL },
  ): Promise<void>
}
