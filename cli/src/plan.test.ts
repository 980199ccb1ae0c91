import { createTestDatabase } from '@passerelle/platform/sql/testing'
import { newId } from '@passerelle/platform/ids'
import { readLimits, setPlan } from '@passerelle/tenancy'
import { expect, test } from 'vitest'
import { sayLimits } from './plan.ts'
import { levels, migrationSets } from './subgraphs.ts'

test('tells every limit in force, whoever set it, with what is used of it, one under the other', async () => {
  const { sql, asOwner, drop } = await createTestDatabase(migrationSets)
  const organizationId = newId('org')
  await asOwner(`insert into tenancy.organization (id, name) values ($1, 'Fret Sud')`, [organizationId])
  const say = async () => sayLimits(await readLimits({ sql, levels }, organizationId))
  expect(await say()).toEqual([
    'documents          0    unlimited',
    'storageBytes       0    unlimited',
    'pages              0    unlimited this month',
    'tokens             0    unlimited this month',
    'gpuSeconds         0    unlimited this month',
    'requests           0    unlimited this month',
    'heavyCallsPerHour       unlimited',
  ])
  await setPlan(sql, organizationId, {
    name: 'team',
    limits: ['pages=5000', 'tokens=none', 'gpuSeconds=7200', 'heavyCallsPerHour=7'],
  })
  await asOwner(`update platform.usage_limit set budget = 20000 where organization_id = $1 and metric = 'documents'`, [
    organizationId,
  ])
  await asOwner(
    `insert into platform.usage (organization_id, metric, month, used, held)
     select $1, metric, to_char(now() at time zone 'Europe/Paris', 'YYYY-MM'), used, 0
     from (values ('pages', 1234), ('gpuMs', 61400)) as counted (metric, used)`,
    [organizationId],
  )
  expect(await say()).toEqual([
    'documents              0 of          20,000             budget of the organisation',
    'storageBytes           0 of 200,000,000,000',
    'pages              1,234 of           5,000 this month  set singly',
    'tokens                 0          unlimited this month  set singly',
    'gpuSeconds            61 of           7,200 this month  set singly',
    'requests               0 of      10,000,000 this month',
    'heavyCallsPerHour                         7 an hour     set singly',
  ])
  await drop()
})
