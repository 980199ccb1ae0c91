import { InvalidInput, NotAllowed, requireScope } from '@passerelle/platform/schema'
import type { Metric } from '@passerelle/platform/usage'
import { builder } from '../builder.ts'
import { OrganizationRef } from '../people/organization.graphql.ts'
import type { PlanName } from '../env.ts'
import { readPlan, type Plan } from './plan.ts'
import { linkStatement, type StatementLanguage, type StatementLinks } from './statement.ts'
import { readUsage, readUsageDays, setBudget, type Usage, type UsageDay } from './usage.ts'
import { watchUsage } from './usage-watch.ts'

const UsageMetricEnum = builder.enumType('UsageMetric', {
  description: 'What is counted of an organisation. Months and days are those of Paris.',
  values: {
    DOCUMENTS: { value: 'documents', description: 'Documents that are there, those that are announced included.' },
    STORAGE_BYTES: { value: 'storageBytes', description: 'Bytes of their files.' },
    PAGES: { value: 'pages', description: 'Pages read in a month; read anew, they count anew.' },
    TOKENS: { value: 'tokens', description: 'Tokens that models read and wrote in a month.' },
    GPU_SECONDS: { value: 'gpuMs', description: 'Seconds of the card in a month; models elsewhere take none.' },
    REQUESTS: { value: 'requests', description: 'Operations asked of this API in a month.' },
  } satisfies Record<string, { value: Metric; description: string }>,
})

const PlanNameEnum = builder.enumType('PlanName', {
  description: 'The plans of this installation. Its operator puts an organisation on one.',
  values: {
    FREE: { description: 'To try it: little of everything, and large models a few times in an hour.' },
    TEAM: { description: 'For a company at work.' },
    UNLIMITED: { description: 'As much as the machine bears.' },
  } satisfies Record<PlanName, { description: string }>,
})

const PlanRef = builder.objectRef<Plan>('Plan').implement({
  description: 'What an organisation may use. Its limits stand with what is used of them, in `usage`.',
  fields: (t) => ({
    name: t.expose('name', { type: PlanNameEnum, description: 'Which.' }),
    heavyCallsPerHour: t.exposeInt('heavyCallsPerHour', {
      nullable: true,
      description:
        'How often in an hour models may be asked that take more than half of the card; null for as often as there is room.',
    }),
  }),
})

const UsageRef = builder.objectRef<Usage>('Usage').implement({
  description: 'What is used of one thing, and how much may be.',
  fields: (t) => ({
    metric: t.expose('metric', { type: UsageMetricEnum, description: 'What is counted.' }),
    used: t.exposeFloat('used', { description: 'So far this month, or there now.' }),
    held: t.exposeFloat('held', { description: 'Promised to work under way; it comes back when that needs less.' }),
    limit: t.float({
      nullable: true,
      description: 'What may be used: the lower of the plan’s limit and the own budget; null for no limit.',
      resolve: ({ planLimit, budget }) =>
        planLimit === null ? budget : budget === null ? planLimit : Math.min(planLimit, budget),
    }),
    planLimit: t.exposeFloat('planLimit', { nullable: true, description: 'What the plan allows; null for no limit.' }),
    budget: t.exposeFloat('budget', {
      nullable: true,
      description: 'What the organisation has set itself; null when it left that to the plan.',
    }),
    resetsAt: t.expose('resetsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When counting begins anew; null for what is there until it is deleted.',
    }),
  }),
})

const UsageDayRef = builder.objectRef<UsageDay>('UsageDay').implement({
  description: 'What was used on a day.',
  fields: (t) => ({
    day: t.exposeString('day', { description: '`2026-11-20`.' }),
    metric: t.expose('metric', { type: UsageMetricEnum, description: 'What was counted.' }),
    used: t.exposeFloat('used', { description: 'On that day; of what is there, how much was at its end.' }),
  }),
})

const StatementLanguageEnum = builder.enumType('StatementLanguage', {
  description: 'What a statement is written in.',
  values: {
    FR: { value: 'fr', description: 'French.' },
    EN: { value: 'en', description: 'English.' },
  } satisfies Record<Uppercase<StatementLanguage>, { value: StatementLanguage; description: string }>,
})

const UsageStatementRef = builder.objectRef<StatementLinks>('UsageStatement').implement({
  description: 'The statement of a month, as files behind links that carry their own right.',
  fields: (t) => ({
    month: t.exposeString('month', { description: '`2026-11`.' }),
    csvUrl: t.exposeString('csvUrl', { description: 'A line for each day and measure, then the month.' }),
    pdfUrl: t.exposeString('pdfUrl', { description: 'To be read and filed.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'In a quarter of an hour.' }),
  }),
})

builder.objectField(OrganizationRef, 'plan', (t) =>
  t.field({
    description: 'What it may use. For who may see its usage.',
    type: PlanRef,
    resolve: (_organization, _args, context) => {
      const viewer = requireScope(context, 'usage:read')
      return context.platform.sql.withOrganization(viewer, readPlan)
    },
  }),
)

builder.queryFields((t) => ({
  usage: t.field({
    description: "What the caller's organisation uses, one of each measure.",
    type: [UsageRef],
    resolve: (_root, _args, context) => readUsage(context.platform, requireScope(context, 'usage:read')),
  }),
  usageByDay: t.field({
    description: 'What was used day by day, oldest first; days on which nothing was are left out. At most 366 days.',
    type: [UsageDayRef],
    args: {
      from: t.arg.string({ required: true, description: 'The first day, as `2026-11-01`.' }),
      to: t.arg.string({ required: true, description: 'The last day.' }),
    },
    resolve: (_root, period, context) => readUsageDays(context.platform, requireScope(context, 'usage:read'), period),
  }),
}))

builder.mutationFields((t) => ({
  setUsageBudget: t.field({
    description:
      'Sets how much of something the organisation wants to use at most, within its plan. A budget below what is used refuses what comes next, and takes nothing away.',
    type: UsageRef,
    errors: { types: [NotAllowed, InvalidInput] },
    args: {
      metric: t.arg({ type: UsageMetricEnum, required: true, description: 'What is to be bounded.' }),
      budget: t.arg.float({ description: 'A whole number; null, or nothing, leaves it to the plan.' }),
    },
    resolve: (_root, { metric, budget }, context) =>
      setBudget(context.platform, requireScope(context, 'plan:manage'), { metric, budget: budget ?? null }),
  }),
  exportUsageStatement: t.field({
    description: 'Makes links to the statement of a month, past or under way. It stands in the audit log.',
    type: UsageStatementRef,
    errors: { types: [NotAllowed, InvalidInput] },
    args: {
      month: t.arg.string({ required: true, description: 'As `2026-11`.' }),
      language: t.arg({ type: StatementLanguageEnum, defaultValue: 'fr', description: 'French unless told.' }),
    },
    resolve: (_root, { month, language }, context) =>
      linkStatement(context.platform, requireScope(context, 'usage:read'), { month, language: language ?? 'fr' }),
  }),
}))

builder.subscriptionField('usageChanged', (t) =>
  t.field({
    description: 'What is used now, and every two seconds when it has changed.',
    type: [UsageRef],
    subscribe: (_root, _args, context) => {
      const { organizationId } = requireScope(context, 'usage:read')
      return watchUsage(context.platform, organizationId, context.signal)
    },
    resolve: (usage) => usage,
  }),
)
