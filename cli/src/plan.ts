import type { Log } from '@passerelle/platform/log'
import { Refusal } from '@passerelle/platform/schema'
import type { Sql } from '@passerelle/platform/sql'
import { listPlans, readLimits, setPlan, type LimitInForce } from '@passerelle/tenancy'
import { withApp } from './database/owner.ts'
import type { Env } from './env/env.ts'
import { Obstacle } from './obstacle.ts'
import { levels } from './subgraphs.ts'

/**
 * Without words, lists the organisations with their plans, the limits that are in force and what is used of them; with an organisation's id, that one. With an id and the name of a plan, puts it
 * on that, `pages=5000` or `tokens=none` replacing single limits; also while the installation runs. Throws an `Obstacle` that says what is wrong.
 */
export function changePlan(env: Env, log: Log, words: readonly string[]): Promise<void> {
  return withApp(env, log, ({ sql }) => change(sql, words))
}

async function change(sql: Sql, [organizationId, name, ...limits]: readonly string[]): Promise<void> {
  try {
    if (organizationId && name) await setPlan(sql, organizationId, { name, limits })
  } catch (error) {
    throw error instanceof Refusal ? new Obstacle(error.message) : error
  }
  const plans = await listPlans(sql, organizationId ?? null)
  if (plans.length === 0 && organizationId) throw new Obstacle(`There is no organisation “${organizationId}”.`)
  if (plans.length === 0) return console.log('There is no organisation yet.')
  for (const { organizationId: id, plan, name: called } of plans) {
    console.log(`${id}  ${plan.padEnd(9)}  ${called}`)
    for (const line of sayLimits(await readLimits({ sql, levels }, id))) console.log(`  ${line}`)
  }
}

const resets = { MONTH: ' this month', HOUR: ' an hour' }
const origins = { PLAN: '', OPERATOR: 'set singly', BUDGET: 'budget of the organisation' }
const digits = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** A line for each limit, its columns under one another. */
export function sayLimits(limits: readonly LimitInForce[]): string[] {
  const rows = limits.map(({ name, used, limit, resets: when, from }) => ({
    name,
    used: used === null ? '' : digits.format(used),
    of: used === null || limit === null ? '  ' : 'of',
    limit: limit === null ? 'unlimited' : digits.format(limit),
    when: when && (used !== null || limit !== null) ? resets[when] : '',
    origin: origins[from],
  }))
  const width = (column: 'name' | 'used' | 'limit' | 'when'): number =>
    Math.max(...rows.map((row) => row[column].length))
  return rows.map(({ name, used, of, limit, when, origin }) =>
    `${name.padEnd(width('name'))}  ${used.padStart(width('used'))} ${of} ${limit.padStart(width('limit'))}${when.padEnd(width('when'))}  ${origin}`.trimEnd(),
  )
}
