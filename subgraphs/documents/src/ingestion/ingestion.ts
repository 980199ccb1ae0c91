import { NotFound } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import type { Document } from '../document/document.ts'
import { Unread, type Reader } from '../reading/reading.ts'
import { holdRun, writeStatus, type Run } from '../status/status.store.ts'
import type { Stage } from '../status/status.ts'
import type { Understanding } from './understanding.ts'

/** What the stages of one document's ingestion share. */
export interface Ingestion {
  platform: Platform
  reader: Reader
  scope: { organizationId: string }
  run: Run
  /** As it was when the job began. */
  document: Document
  signal: AbortSignal
  /** Stages that an engine's absence left undone. */
  degraded: Set<Stage>
  understanding: Understanding
  /** The chunks' vectors between EMBEDDING and INDEXING. */
  dense: { model: string; vectors: number[][] } | null
}

/** One transaction of this run. Throws Superseded, and writes nothing, when the run is no longer the document's. */
export function inRun<T>(
  { platform, scope, run }: Pick<Ingestion, 'platform' | 'scope' | 'run'>,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return platform.sql.withOrganization(scope, async (tx) => {
    await holdRun(tx, run)
    return work(tx)
  })
}

/** Writes how far a stage has come. */
export async function writeShare({ platform, scope, run }: Ingestion, stage: Stage, share: number): Promise<void> {
  await platform.sql.withOrganization(scope, (tx) => writeStatus(tx, run, { stage, share }))
}

/** Runs `work` with the document's bytes as a local file. Throws Unread (UNREADABLE) when they are gone, which no other try brings back. */
export async function withFile<T>(
  { platform, scope, document }: Pick<Ingestion, 'platform' | 'scope' | 'document'>,
  work: (path: string) => Promise<T>,
): Promise<T> {
  try {
    return await platform.blobs.withFile(scope.organizationId, document.hash ?? '', work)
  } catch (error) {
    throw error instanceof NotFound ? new Unread('UNREADABLE', 'Its file is gone. Send it again.') : error
  }
}
