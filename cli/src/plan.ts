import type { Log } from '@passerelle/platform/log'
import { Refusal } from '@passerelle/platform/schema'
import type { Sql } from '@passerelle/platform/sql'
import { listPlans, setPlan } from '@passerelle/tenancy'
import { withApp } from './database/owner.ts'
import type { Env } from './env/env.ts'
import { Obstacle } from './obstacle.ts'

/**
 * Without words, lists the organisations and their plans. With an organisation's id and the name of a plan, puts it on that, `pages=5000` or `tokens=none` replacing
 * single limits; also while the installation runs. Throws an `Obstacle` that says what is wrong.
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
  if (plans.length === 0)
    return console.log(
      organizationId ? `There is no organisation “${organizationId}”.` : 'There is no organisation yet.',
    )
  for (const { organizationId: id, plan, name: called } of plans) console.log(`${id}  ${plan.padEnd(9)}  ${called}`)
}
