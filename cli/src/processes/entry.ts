import { readFile } from 'node:fs/promises'
import { createRequestQuota, toTrustedDocuments, type EntryOptions, type Executor } from '@passerelle/gateway'
import type { Log } from '@passerelle/platform/log'
import { hearLimitsChanged } from '@passerelle/platform/usage/limits-changed'
import type { Coordination } from '@passerelle/platform/coordination'
import { demoTexts } from '../demo/texts.ts'
import type { Env } from '../env/env.ts'
import type { Closers } from '../shutdown.ts'
import { createCountRequests } from './request-count.ts'

const webDocuments = new URL('../../../graph-schema/web-documents.json', import.meta.url)

/** Never refused for want of requests: people come in, see what is used up, and set another budget. */
const spares = new Set([
  'logIn',
  'logOut',
  'refreshSession',
  'switchOrganization',
  'viewer',
  'usage',
  'usageByDay',
  'usageChanged',
  'setUsageBudget',
  'exportUsageStatement',
])

/** What callers may ask of the gateway, and how much: as the settings say, counted in the coordination store that all gateways share. */
export async function createEntryOptions({
  env,
  coordination,
  askTenancy,
  log,
  closers,
}: {
  env: Pick<Env, 'limits' | 'demo'>
  coordination: Coordination
  askTenancy: Executor
  log: Log
  closers: Closers
}): Promise<EntryOptions> {
  const texts = Object.values(JSON.parse(await readFile(webDocuments, 'utf8')) as Record<string, string>)
  const { policy, rates, connections, proxies } = env.limits
  const quota = createRequestQuota({ count: createCountRequests(askTenancy), log })
  hearLimitsChanged({ coordination, log }, quota.forget)
  closers.add('requests', () => quota.close())
  return {
    policy,
    trustedDocuments: toTrustedDocuments(env.demo ? [...texts, ...demoTexts] : texts),
    rates: { rules: rates, coordination },
    connections,
    proxies,
    quota: { quota, spares },
  }
}
