import type { Platform, Work } from '@passerelle/platform/subgraph'
import { readLevel } from '@passerelle/platform/usage'
import { writeLevel } from '@passerelle/platform/usage/reading'

const roundMs = 3_600_000

/** Remembers, now and every hour, how much of each organisation is there: the last of a day stands in its statement. An outage puts it off. */
export function rememberLevels(platform: Platform): Work {
  const look = (): Promise<void> =>
    writeLevels(platform).catch((error: unknown) =>
      platform.log.warn({ err: error }, 'what is there is not written down for now'),
    )
  let round = look()
  const timer = setInterval(() => (round = round.then(look)), roundMs).unref()
  return {
    async stop() {
      clearInterval(timer)
      await round
    },
  }
}

/** Writes down how much of each organisation is there today. */
export async function writeLevels({ sql, levels }: Pick<Platform, 'sql' | 'levels'>): Promise<void> {
  const organizations = await sql.query<{ organization_id: string }>('select * from tenancy.organization_ids()')
  for (const { organization_id: organizationId } of organizations)
    await sql.withOrganization({ organizationId }, async (tx) => {
      for (const level of levels) await writeLevel(tx, level.metric, await readLevel(tx, level.sql))
    })
}
