import { QuotaExceeded } from '@passerelle/platform/schema'
import { rowsOf, type Tx } from '@passerelle/platform/sql'
import { holdName } from '@passerelle/platform/sql/hold'

/** Archives that an organisation has made in a day: each reads all that there is, and lies there for as long. */
export const exportsPerDay = { PERSON_EXPORT: 50, ORGANIZATION_EXPORT: 3 } as const
type ExportKind = keyof typeof exportsPerDay

const dayMs = 24 * 3_600_000

const messages: Record<ExportKind, string> = {
  PERSON_EXPORT: `An organisation exports at most ${exportsPerDay.PERSON_EXPORT} persons a day.`,
  ORGANIZATION_EXPORT: `An organisation is exported at most ${exportsPerDay.ORGANIZATION_EXPORT} times a day.`,
}

/** QuotaExceeded when the last day has had as many exports as it may. Those that are asked for at once are counted one after the other. */
export async function demandExport(tx: Tx, kind: ExportKind): Promise<void> {
  await holdName(tx, 'exports')
  const [row] = await rowsOf<{ used: number; first: Date | null }>(
    tx,
    `select count(*) as used, min(created_at) as first from tenancy.privacy_request
     where kind = $1 and created_at > now() - interval '1 day'`,
    [kind],
  )
  const { used, first } = row ?? { used: 0, first: null }
  const limit = exportsPerDay[kind]
  if (used < limit) return
  throw new QuotaExceeded({
    message: messages[kind],
    limit,
    used,
    resetsAt: first && new Date(first.getTime() + dayMs),
  })
}
