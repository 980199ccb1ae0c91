import { createLog, type Log } from '@passerelle/platform/log'
import type { Contract, Viewer } from '@passerelle/platform/schema'
import type { Route } from '@passerelle/platform/subgraph'
import { createClient, type Client } from 'graphql-ws'
import { WebSocket } from 'ws'
import { openGateway, type Gateway } from '../gateway.ts'
import { openGraph } from '../graph.ts'
import type { Identity } from '../identity/identity.ts'
import type { EntryOptions } from '../server/entry.ts'
import { openTown, type Town } from './open-town.ts'

export interface TownGateway extends Town {
  gateway: Gateway
  /** What tokens stand for; a test adds to it and takes away. */
  tokens: Map<string, Identity>
  /** Tells the gateway that somebody of an organisation has lost access. */
  endAccess(organizationId: string): void
  post(body: unknown, headers?: Record<string, string>): Promise<Response>
  connect(connectionParams?: Record<string, unknown>): Client
}

export const viewer: Viewer = {
  organizationId: 'org_1',
  userId: 'usr_1',
  roles: ['OWNER'],
  scopes: [],
  sessionId: 'ses_1',
  keyId: null,
  clientId: null,
}

/** The test graph behind a real gateway on a free port of the loopback. */
export async function openTownGateway(
  change: {
    routes?: Route[]
    webFolder?: string
    town?: Town
    contractSdls?: Partial<Record<Contract, string>>
    entry?: EntryOptions
    log?: Log
  } = {},
): Promise<TownGateway> {
  const town = change.town ?? openTown()
  const log = change.log ?? createLog({ name: 'gateway-test', level: 'silent' })
  const { supergraphSdl, executors } = town
  const { contractSdls } = change
  const graph = openGraph({
    supergraphSdl,
    ...(contractSdls && { contractSdls }),
    executors,
    operationNames: new Set(['Known']),
    log,
  })
  const tokens = new Map<string, Identity>([['good', { viewer, expiresAt: null }]])
  let endAccess: (organizationId: string) => void = () => {}
  const gateway = await openGateway({
    graph,
    routes: change.routes ?? [],
    verify: async (token) => tokens.get(token) ?? null,
    hearAccessEnded: (listener) => void (endAccess = listener),
    ...(change.entry && { entry: change.entry }),
    webFolder: change.webFolder ?? null,
    readiness: async () => ({ ready: true, engines: { sql: 'up' } }),
    log,
    host: '127.0.0.1',
    port: 0,
  })
  return {
    ...town,
    gateway,
    tokens,
    endAccess: (organizationId) => endAccess(organizationId),
    post: (body, headers = {}) =>
      fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    connect: (connectionParams = {}) =>
      createClient({
        url: `${gateway.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        lazy: false,
        connectionParams,
        onNonLazyError: () => undefined,
      }),
  }
}
