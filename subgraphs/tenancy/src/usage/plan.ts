import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import { InvalidInput, NotFound } from '@passerelle/platform/schema'
import { rowsOf, type Sql, type Tx } from '@passerelle/platform/sql'
import { unitOf } from '@passerelle/platform/sql/unit'
import { metrics } from '@passerelle/platform/usage'
import { heavyCalls, unitOfMetric, type Limited } from '@passerelle/platform/usage/reading'
import { planNames, readFirstPlan, type PlanName } from '../env.ts'
import { findOrganization } from '../people/organization.store.ts'

type Limits = Readonly<Partial<Record<Limited, number>>>

const gigabyte = 1_000_000_000
const hourMs = 3_600_000

/** What each plan allows; what is not named is not limited. */
const plans: Record<PlanName, Limits> = {
  FREE: {
    documents: 500,
    storageBytes: 2 * gigabyte,
    pages: 2_000,
    tokens: 1_000_000,
    gpuMs: hourMs,
    requests: 100_000,
    [heavyCalls]: 20,
  },
  TEAM: {
    documents: 50_000,
    storageBytes: 200 * gigabyte,
    pages: 100_000,
    tokens: 50_000_000,
    gpuMs: 100 * hourMs,
    requests: 10_000_000,
    [heavyCalls]: 500,
  },
  UNLIMITED: {},
}

export interface Plan {
  name: PlanName
  /** Null when large models may be asked as often as the card allows. */
  heavyCallsPerHour: number | null
}

const limited: readonly Limited[] = [...metrics, heavyCalls]

/** The plan of the transaction's organisation. */
export async function readPlan(tx: Tx): Promise<Plan> {
  const [row] = await rowsOf<{ name: PlanName; heavy: number | null }>(
    tx,
    `select name, (select plan from platform.usage_limit where metric = $1) as heavy from tenancy.plan`,
    [heavyCalls],
  )
  return { name: row?.name ?? 'UNLIMITED', heavyCallsPerHour: row?.heavy ?? null }
}

/**
 * Puts the transaction's organisation on a plan; what has been used this month stays used, and what the organisation has set itself stays set. `changed`
 * replaces single limits of the plan, null for none. Whole numbers.
 */
export async function applyPlan(
  tx: Tx,
  name: PlanName,
  changed: Readonly<Partial<Record<Limited, number | null>>> = {},
): Promise<void> {
  const { organizationId } = unitOf(tx).scope
  await rowsOf(
    tx,
    `insert into tenancy.plan (organization_id, name) values ($1, $2)
     on conflict (organization_id) do update set name = excluded.name, changed_at = now()`,
    [organizationId, name],
  )
  const limits = { ...plans[name], ...changed }
  await rowsOf(
    tx,
    `insert into platform.usage_limit (organization_id, metric, plan)
     select $1, metric, amount from unnest($2::text[], $3::bigint[]) as wanted (metric, amount)
     on conflict (organization_id, metric) do update set plan = excluded.plan, told = 0`,
    [organizationId, [...limited], limited.map((metric) => limits[metric] ?? null)],
  )
  audit(tx, { action: 'plan.changed', detail: { name, ...changed } })
  publish(tx, { type: 'plan.changed', payload: { name } })
}

/** What the operator asks for: a plan by name, and single limits of it as `pages=5000` or `tokens=none`. InvalidInput says what is wrong. */
export async function setPlan(
  sql: Sql,
  organizationId: string,
  wanted: { name: string; limits: readonly string[] },
): Promise<void> {
  const name = planNames.find((known) => known === wanted.name.toUpperCase())
  if (!name) throw new InvalidInput(`There is no plan “${wanted.name}”; there are ${planNames.join(', ')}.`)
  const changed = Object.fromEntries(wanted.limits.map(toLimit))
  await sql.withOrganization({ organizationId }, async (tx) => {
    if (!(await findOrganization(tx, organizationId)))
      throw new NotFound(`There is no organisation “${organizationId}”.`)
    await applyPlan(tx, name, changed)
  })
}

/** What operators call it. */
export function nameOf(metric: Limited): string {
  return metric === 'gpuMs' ? 'gpuSeconds' : metric
}

const byName = new Map(limited.map((metric) => [nameOf(metric), metric]))

/** What a plan allows by itself, as operators write it; null for no limit. */
export function plannedLimit(plan: PlanName, metric: Limited): number | null {
  const limit = plans[plan][metric] ?? null
  return limit === null ? null : limit / unitOfMetric(metric)
}

function toLimit(text: string): readonly [Limited, number | null] {
  const [name = '', value = ''] = text.split('=')
  const metric = byName.get(name)
  if (!metric || !/^(none|\d{1,15})$/.test(value))
    throw new InvalidInput(`“${text}” is no limit; write ${[...byName.keys()].join(', ')} as name=number or name=none.`)
  return [metric, value === 'none' ? null : Number(value) * unitOfMetric(metric)]
}

/** The organisations of the installation with their plans, or one of them, for its operator. */
export async function listPlans(
  sql: Sql,
  organizationId: string | null = null,
): Promise<{ organizationId: string; name: string; plan: PlanName }[]> {
  const rows = await sql.query<{ organization_id: string; name: string; plan: PlanName }>(
    'select * from tenancy.list_plans($1)',
    [organizationId],
  )
  return rows.map(({ organization_id, ...rest }) => ({ organizationId: organization_id, ...rest }))
}

/** Puts a new organisation on the plan that the installation gives to new ones; without one, it has no limits. */
export async function applyFirstPlan(tx: Tx): Promise<void> {
  const name = readFirstPlan()
  if (name !== 'UNLIMITED') await applyPlan(tx, name)
}
