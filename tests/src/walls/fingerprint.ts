import { expect } from 'vitest'
import { askDatabase } from '../inside.ts'
import type { Passerelle } from '../passerelle.ts'

/** The fingerprint once what it asked for itself is written down to the end: requests are counted up to a second after they are answered. */
export async function stillFingerprint(house: Passerelle, organizationId: string): Promise<Record<string, string>> {
  const seen = [JSON.stringify(await fingerprint(house, organizationId))]
  await expect
    .poll(
      async () => {
        seen.push(JSON.stringify(await fingerprint(house, organizationId)))
        return new Set(seen.slice(-3)).size === 1 && seen.length > 2
      },
      { timeout: 60_000, interval: 1_500 },
    )
    .toBe(true)
  return fingerprint(house, organizationId)
}

/** Everything that an organisation has, as one number per table; what the house does by itself apart: where consumers of its log stand, and the seals of its audit. */
export async function fingerprint(house: Passerelle, organizationId: string): Promise<Record<string, string>> {
  const tables = await askDatabase<{ name: string }>(
    house,
    `select format('%I.%I', table_schema, table_name) as name from information_schema.columns
     where column_name = 'organization_id' and table_schema not in ('jobs', 'pg_catalog') and table_name not in ('fact_cursor', 'audit_anchor') order by 1`,
  )
  const prints = tables.map(
    ({ name }) =>
      `select '${name}' as name, md5(string_agg(t::text, '|' order by t::text)) as print from ${name} t
       where organization_id = $1`,
  )
  const rows = await askDatabase<{ name: string; print: string }>(house, prints.join(' union all '), [organizationId])
  return Object.fromEntries(rows.map(({ name, print }) => [name, print]))
}
