import { publishModelCall } from '@passerelle/platform/models/facts'
import { openModels } from '@passerelle/platform/models/router'
import {
  openOllamaServer,
  openOpenAIServer,
  type OllamaServer,
  type OpenAIServer,
} from '@passerelle/platform/models/testing'
import type { Viewer } from '@passerelle/platform/schema'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { afterAll, afterEach, beforeEach } from 'vitest'
import { createModelPolicy } from './model-policy.ts'
import { useStage, type Stage } from '../stage.testing.ts'

/** A stage with a server of models in the house and one outside it, and two people of one organisation, new for each test. */
export interface ProviderStage extends Stage {
  house: OllamaServer
  outside: OpenAIServer
  owner: Viewer
  operator: Viewer
  /** What a mutation or query answered; its first error is thrown. */
  ask<Data>(viewer: Viewer | null, text: string, variables?: Record<string, unknown>): Promise<Data>
}

/** `alone` leaves the house without a server of its own. */
export function useProviderStage({ alone = false }: { alone?: boolean } = {}): ProviderStage {
  const servers = {} as Pick<ProviderStage, 'house' | 'outside'>
  const stage = useStage(async ({ coordination, sql, log }) => {
    servers.house = await openOllamaServer()
    servers.outside = await openOpenAIServer()
    const models = await openModels({
      coordination,
      ...(!alone && { ollamaUrl: servers.house.url }),
      openai: { url: servers.outside.url, outside: true },
      policy: createModelPolicy(sql),
      capacityMiB: 6_000,
      onCall: (call) => publishModelCall(sql, call),
      log,
      checkEveryMs: 50,
    })
    return { models }
  })
  afterAll(() => Promise.all([servers.house.close(), servers.outside.close()]))
  const own: ProviderStage = Object.assign(stage, {
    ...servers,
    owner: {} as Viewer,
    operator: {} as Viewer,
    async ask<Data>(viewer: Viewer | null, text: string, variables?: Record<string, unknown>): Promise<Data> {
      const { data, errors } = await stage.client.ask<Data>(viewer, text, variables)
      if (errors[0]) throw new Error(`${String(errors[0].extensions?.['code'])}: ${errors[0].message}`)
      return data
    },
  })
  const fresh = { models: [] as OllamaServer['models'] }
  beforeEach(() => {
    Object.assign(own, servers)
    fresh.models = [...own.house.models]
    const { organizationId } = (own.owner = createTestViewer())
    own.operator = createTestViewer({ organizationId, roles: ['OPERATOR'] })
  })
  afterEach(() => {
    Object.assign(own.house, { models: fresh.models, registry: [] })
    own.outside.requests.length = 0
    own.house.requests.length = 0
  })
  return own
}
