import { expect, test } from 'vitest'
import { askDatabase } from '../inside.ts'
import type { Passerelle } from '../passerelle.ts'
import { closeGate } from './gate.ts'
import { killAt, settle } from './rounds.ts'

const noun = 'conciergerie.service_request'
/** Ten times what goes at once. */
const many = 2_000

/** What is kept no longer goes while the house is killed. */
export function retentionCases(house: Passerelle): void {
  test('whenever everything is killed, what is kept no longer goes, each is told of once, and the log says how many', async () => {
    const { organizationId, here } = await settle(house)
    await askDatabase(
      house,
      `insert into conciergerie.service_request
         (id, organization_id, kind, title, urgency, status, channel, author, created_by, search, created_at, updated_at)
       select 'srq_' || $1 || number, $1, 'OTHER', 'Fait', 'NORMAL', 'DONE', 'APP', 'HOUSE', 'usr_1', '', now() - interval '90 days', now() - interval '90 days'
       from generate_series(1, $2::int) as number`,
      [organizationId, many],
    )
    const left = () =>
      countOf(house, 'select from conciergerie.service_request where organization_id = $1', organizationId)
    const gate = await closeGate(house, { table: noun, on: 'delete', organizationId, after: 1_100 })
    // Some are gone, and the rest is about to go.
    const halfWay = () => expect.poll(left, { timeout: 120_000 }).toBe(many / 2)
    await killAt(house, {
      // The rule is set: the next start begins with it.
      moments: [(going) => Promise.all(going), halfWay, halfWay, halfWay],
      begin: (round) =>
        round > 0
          ? []
          : [
              here().ask('mutation ($noun: String!) { setRetentionRule(noun: $noun, days: 30) { __typename } }', {
                noun,
              }),
            ],
    })
    await gate.open()
    await expect.poll(left, { timeout: 180_000 }).toBe(0)
    const applied =
      'select applied_at from tenancy.retention_rule where applied_at is not null and organization_id = $1'
    await expect.poll(() => countOf(house, applied, organizationId), { timeout: 180_000 }).toBe(1)
    const told = await askDatabase(
      house,
      `select (select removed::int from tenancy.retention_rule where organization_id = $1) as removed,
         (select sum((detail ->> 'removed')::int)::int from platform.audit_entry
          where organization_id = $1 and action = 'retention_rule.applied') as audited,
         count(*)::int as facts, count(distinct payload ->> 'id')::int as requests
       from platform.fact where organization_id = $1 and type = 'service_request.removed'`,
      [organizationId],
    )
    await gate.remove()
    expect(told).toEqual([{ removed: many, audited: many, facts: many, requests: many }])
  })
}

async function countOf(house: Passerelle, text: string, organizationId: string): Promise<number> {
  return (await askDatabase(house, text, [organizationId])).length
}
