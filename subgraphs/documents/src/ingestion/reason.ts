import { QuotaExceeded } from '@passerelle/platform/schema'
import { Unread } from '../reading/reading.ts'
import { countAttempt } from '../status/status.store.ts'
import type { Ingestion } from './ingestion.ts'

/** Errors of ours after which a document is given up, so that one that we cannot digest does not come back for ever. */
const patience = 3

/** Why a document is given up. Rethrows an unforeseen error until patience has run out. */
export async function reasonOf(
  { platform, scope, run }: Pick<Ingestion, 'platform' | 'scope' | 'run'>,
  error: unknown,
): Promise<{ code: string; message: string }> {
  if (error instanceof Unread) return { code: error.code, message: error.message }
  if (error instanceof QuotaExceeded)
    return { code: error.code, message: `${error.message} Read it anew when there is room again.` }
  const attempts = await platform.sql.withOrganization(scope, (tx) => countAttempt(tx, run))
  platform.log.error({ documentId: run.documentId, attempts, err: error }, 'ingestion failed')
  if (attempts < patience) throw error
  return { code: 'UNREADABLE', message: 'Reading failed for a reason of ours; it is in the log.' }
}
