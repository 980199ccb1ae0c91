import { rootTypes } from '@passerelle/platform/schema'
import type { Subgraph } from '@passerelle/platform/subgraph'
import { builder, createContext } from './builder.ts'
import './api-keys/api-key.graphql.ts'
import './api-keys/api-key-acts.graphql.ts'
import './people/invitation.graphql.ts'
import './audit/audit.graphql.ts'
import './audit/audit-verification.graphql.ts'
import './client-access/client-account.graphql.ts'
import { createErasedClientConsumer } from './client-access/client-erased.consumer.ts'
import { clientLetterQueue, createClientLetterConsumer, writeClientLetter } from './client-access/client-letter.ts'
import './client-access/client-link.graphql.ts'
import { linkTable } from './client-access/client-link.personal.ts'
import { auditRoutes } from './audit/audit.http.ts'
import './mails/mail.graphql.ts'
import './people/member.graphql.ts'
import './people/organization.graphql.ts'
import './people/organization-acts.graphql.ts'
import './sessions/own-session.graphql.ts'
import { personErasure } from './personal-data/erasure.approval.ts'
import './passwords/password.graphql.ts'
import { personalData } from './personal-data/personal-data.ts'
import './personal-data/personal-data.graphql.ts'
import './personal-data/personal-data-acts.graphql.ts'
import { personalDataRoutes } from './personal-data/personal-data.http.ts'
import './personal-data/personal-data-keys.graphql.ts'
import { personalDataQueues, workPersonalData } from './personal-data/personal-data.rounds.ts'
import { requestTable } from './personal-data/personal-data-request.store.ts'
import './people/permission.graphql.ts'
import { publishedKeysRoute } from './sessions/published-keys.http.ts'
import { resetQueue, sendResetLink } from './passwords/password-reset.ts'
import './personal-data/retention.graphql.ts'
import './sessions/session.graphql.ts'
import './usage/requests.graphql.ts'
import './usage/usage.graphql.ts'
import { rememberLevels } from './usage/levels.ts'
import { statementRoutes } from './usage/statement.http.ts'
import './people/user.graphql.ts'
import { secretTables } from './secrets.ts'
import { outwardQueues, workOutward } from './outward.ts'
import './notifications/notification.graphql.ts'
import './notifications/notification-preference.graphql.ts'
import './webhooks/webhook.graphql.ts'
import './webhooks/webhook-delivery.graphql.ts'
import './workflow-runs/workflow-run-endpoint.graphql.ts'
import './workflow-runs/workflow-run.graphql.ts'
import './workflow-runs/workflow-run-acts.graphql.ts'

export { sealAddresses } from './personal-data/personal-data.addresses.ts'
export { applyErasures } from './personal-data/erasure-applied.ts'
export { listPlans, setPlan } from './usage/plan.ts'
export { readLimits, type LimitInForce } from './usage/plan-limits.ts'
export { openAuditExport } from './audit/audit.ts'
export { createResetLink } from './passwords/password-reset.ts'
export { setPassword } from './sessions/session.ts'

builder.queryType(rootTypes.query)
builder.mutationType(rootTypes.mutation)
builder.subscriptionType(rootTypes.subscription)

export const tenancy: Subgraph = {
  name: 'tenancy',
  schema: builder.toSubGraphSchema({}),
  migrations: { name: 'tenancy', folder: new URL('../migrations/', import.meta.url) },
  queues: [...outwardQueues, resetQueue, clientLetterQueue, ...personalDataQueues],
  sealedTables: [...secretTables, requestTable, linkTable],
  passingBlobs: 'select organization_id, file_hash as hash from tenancy.privacy_request where file_hash is not null',
  personalData,
  approvalKinds: [personErasure],
  createContext,
  routes: [publishedKeysRoute, ...auditRoutes, ...statementRoutes, ...personalDataRoutes],
  async work(platform) {
    await platform.jobs.work(resetQueue, ({ data }) => sendResetLink(platform, data.email))
    await workOutward(platform)
    platform.facts.consume(createErasedClientConsumer(platform))
    await platform.jobs.work(clientLetterQueue, ({ organizationId, data }) =>
      writeClientLetter(platform, organizationId, data),
    )
    platform.facts.consume(createClientLetterConsumer(platform))
    // Jobs run until their port is closed.
    const rounds = [rememberLevels(platform), await workPersonalData(platform)]
    return { stop: async () => void (await Promise.all(rounds.map((round) => round.stop()))) }
  },
}
