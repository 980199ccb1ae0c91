import type { ModelPolicy } from '@passerelle/platform/models/policy'
import type { Sql } from '@passerelle/platform/sql'
import { listRoutes } from './model-route.store.ts'
import { taskOf } from './model-route.ts'
import { findConsent } from './provider.store.ts'

/** What organisations have decided about models, for whoever opens them. */
export function createModelPolicy(sql: Sql): ModelPolicy {
  return {
    allows: (organizationId, server) =>
      sql.withOrganization({ organizationId }, async (tx) => (await findConsent(tx, server)) !== null),
    route: (organizationId, call) =>
      sql.withOrganization({ organizationId }, async (tx) => (await listRoutes(tx)).get(taskOf(call)) ?? null),
  }
}
