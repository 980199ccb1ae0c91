import { deletedType, statusChangedType } from '../document/document.facts.ts'
import { findDocument } from '../document/document.store.ts'
import { Superseded } from '../status/status.store.ts'
import type { Ingestion } from './ingestion.ts'

/**
 * Does work that writes nothing for minutes, and ends it as soon as the run is no longer the document's: somebody has cancelled or deleted it, or
 * had it read anew. Throws Superseded then, whatever the work throws when its signal aborts.
 */
export async function whileCurrent<T>(
  { platform, scope, run, signal }: Pick<Ingestion, 'platform' | 'scope' | 'run' | 'signal'>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const superseded = new AbortController()
  const over = new AbortController()
  const isCurrent = async (): Promise<boolean> => {
    const document = await platform.sql.withOrganization(scope, (tx) => findDocument(tx, run.documentId))
    return document?.run === run.run
  }
  const changes = platform.facts.subscribe(scope.organizationId, {
    types: [statusChangedType, deletedType],
    after: await platform.facts.head(scope.organizationId),
    signal: over.signal,
    where: ({ payload }) => payload.documentId === run.documentId,
  })
  const watch = async (): Promise<void> => {
    if (!(await isCurrent())) return superseded.abort()
    for await (const _change of changes) if (!(await isCurrent())) return superseded.abort()
  }
  const watching = watch()
  // Not to see a change costs time alone: what the work answers is written for this run or not at all.
  watching.catch((err: unknown) => platform.log.warn({ err, ...run }, 'not watching a run'))
  try {
    return await work(AbortSignal.any([signal, superseded.signal]))
  } catch (error) {
    throw superseded.signal.aborted ? new Superseded(run) : error
  } finally {
    over.abort()
  }
}
