import { rootTypes } from '@passerelle/platform/schema'
import type { Subgraph } from '@passerelle/platform/subgraph'
import { builder, createContext } from './builder.ts'
import './api-key.graphql.ts'
import './api-key-acts.graphql.ts'
import './invitation.graphql.ts'
import './audit.graphql.ts'
import { auditRoutes } from './audit.http.ts'
import './mail.graphql.ts'
import './member.graphql.ts'
import './organization.graphql.ts'
import './organization-acts.graphql.ts'
import './own-session.graphql.ts'
import { personErasure } from './erasure.approval.ts'
import './password.graphql.ts'
import { personalData } from './personal-data.ts'
import './personal-data.graphql.ts'
import './personal-data-acts.graphql.ts'
import { personalDataRoutes } from './personal-data.http.ts'
import './personal-data-keys.graphql.ts'
import { personalDataQueues, workPersonalData } from './personal-data.rounds.ts'
import { requestTable } from './personal-data-request.store.ts'
import './permission.graphql.ts'
import { publishedKeysRoute } from './published-keys.http.ts'
import { resetQueue, sendResetLink } from './password-reset.ts'
import './retention.graphql.ts'
import './session.graphql.ts'
import './usage/requests.graphql.ts'
import './usage/usage.graphql.ts'
import { rememberLevels } from './usage/levels.ts'
import { statementRoutes } from './usage/statement.http.ts'
import './user.graphql.ts'
import { secretTables } from './secrets.ts'
import { outwardQueues, workOutward } from './outward.ts'
import './notification.graphql.ts'
import './notification-preference.graphql.ts'
import './webhook.graphql.ts'
import './webhook-delivery.graphql.ts'
import './workflow-run-endpoint.graphql.ts'
import './workflow-run.graphql.ts'
import './workflow-run-acts.graphql.ts'

export { sealAddresses } from './personal-data.addresses.ts'
export { applyErasures } from './erasure-applied.ts'
export { listPlans, setPlan } from './usage/plan.ts'
export { openAuditExport } from './audit.ts'
export { createResetLink } from './password-reset.ts'
export { setPassword } from './session.ts'

builder.queryType(rootTypes.query)
builder.mutationType(rootTypes.mutation)
builder.subscriptionType(rootTypes.subscription)

export const tenancy: Subgraph = {
  name: 'tenancy',
  schema: builder.toSubGraphSchema({}),
  migrations: { name: 'tenancy', folder: new URL('../migrations/', import.meta.url) },
  queues: [...outwardQueues, resetQueue, ...personalDataQueues],
  sealedTables: [...secretTables, requestTable],
  personalData,
  approvalKinds: [personErasure],
  createContext,
  routes: [publishedKeysRoute, ...auditRoutes, ...statementRoutes, ...personalDataRoutes],
  async work(platform) {
    await platform.jobs.work(resetQueue, ({ data }) => sendResetLink(platform, data.email))
    await workOutward(platform)
    // Jobs run until their port is closed.
    const rounds = [rememberLevels(platform), await workPersonalData(platform)]
    return { stop: async () => void (await Promise.all(rounds.map((round) => round.stop()))) }
  },
}
