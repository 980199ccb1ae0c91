import { rowsOf, type Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { startRun } from '../document/document.ts'

/** How many recordings of an organisation one round asks for. */
const mostAtOnce = 100

/**
 * Has recordings that were given up for want of a speech server read anew, when one answers now. Each try doubles the time to the next, from a
 * minute to a day, so that one that no server gets through is not asked for all the time.
 */
export async function askForTranscripts(platform: Platform, now: Date = new Date()): Promise<void> {
  const { models, sql } = platform
  if (!models.configured('speech')) return
  const behind = await sql.query<{ organization_id: string }>(
    'select * from documents.organizations_without_transcripts($1)',
    [now],
  )
  for (const { organization_id: organizationId } of behind) {
    if (!(await models.capabilities(organizationId)).speech) continue
    await sql.withOrganization({ organizationId }, async (tx) => {
      for (const id of await unheard(tx, now)) await startRun(tx, platform, id, { priority: -1 })
    })
  }
}

async function unheard(tx: Tx, now: Date): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(
    tx,
    `select id from documents.document
     where stage = 'FAILED' and error_code = 'SPEECH_UNAVAILABLE' and same_as is null
       and updated_at <= $1::timestamptz - least(interval '1 minute' * power(2, least(run, 12) - 1), interval '1 day')
     order by id limit $2 for update skip locked`,
    [now, mostAtOnce],
  )
  return rows.map(({ id }) => id)
}
