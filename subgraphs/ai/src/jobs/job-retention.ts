import type { Platform, Work } from '@passerelle/platform/subgraph'
import { deleteJobsBefore } from './job.store.ts'

const roundMs = 3_600_000
const dayMs = 24 * 3_600_000

/** Removes what is older than calls are kept, now and every hour; an outage puts it off to the next time. */
export function keepJobsFor(days: number, platform: Platform): Work {
  const look = (): Promise<void> =>
    sweepJobs(platform, new Date(Date.now() - days * dayMs)).catch((error: unknown) =>
      platform.log.warn({ err: error }, 'old model calls stay for now'),
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

/** Removes the calls of every organisation that began before the moment. */
export async function sweepJobs({ sql, log }: Pick<Platform, 'sql' | 'log'>, before: Date): Promise<void> {
  const behind = await sql.query<{ organization_id: string }>('select * from ai.organizations_with_jobs_before($1)', [
    before,
  ])
  for (const { organization_id: organizationId } of behind) {
    const removed = await sql.withOrganization({ organizationId }, (tx) => deleteJobsBefore(tx, before))
    log.info({ organizationId, removed }, 'old model calls are removed')
  }
}
