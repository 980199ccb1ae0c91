import type { Job } from '@passerelle/platform/jobs'
import type { Transcript } from '@passerelle/platform/models'
import { EngineUnavailable, InvalidInput } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { findDocument, saveReading } from '../document/document.store.ts'
import type { Document } from '../document/document.ts'
import { toLanguage } from '../search/language.ts'
import { lastPage, savePages } from '../pages/page.store.ts'
import { READING_LIMITS, toSpokenPages, Unread } from '../reading/reading.ts'
import { Superseded, writeStatus, type Run } from '../status/status.store.ts'
import { withFile, inRun, type Ingestion } from './ingestion.ts'
import { enqueueIngestion } from './queue.ts'
import { reasonOf } from './reason.ts'
import { whileCurrent } from './while-current.ts'

type Hearing = Pick<Ingestion, 'platform' | 'scope' | 'run' | 'document' | 'signal'>

/**
 * Writes down what is said in a recording, and has its ingestion go on. A job that a kill interrupts begins anew; one that was done does not. Ends
 * quietly when the run has been superseded; the document is FAILED when no server hears, or none can hear this; rejects to be tried again.
 */
export async function transcribe(platform: Platform, { organizationId, data: run, signal }: Job<Run>): Promise<void> {
  const scope = { organizationId }
  const [document, done] = await platform.sql.withOrganization(scope, async (tx) => [
    await findDocument(tx, run.documentId),
    await lastPage(tx, run.documentId),
  ])
  if (document?.run !== run.run || document.status.stage !== 'RECOGNIZING') return
  const hearing = { platform, scope, run, document, signal }
  try {
    if (done === 0) await hear(hearing)
    else await inRun(hearing, (tx) => enqueueIngestion(tx, platform.jobs, run))
  } catch (error) {
    if (!(error instanceof Superseded)) await giveUp(hearing, error)
  }
}

async function hear(hearing: Hearing): Promise<void> {
  const { platform, run, document } = hearing
  const transcript = await whileCurrent(hearing, (signal) =>
    withFile(hearing, (path) =>
      platform.models.transcribe({
        organizationId: document.organizationId,
        userId: null,
        task: 'transcribe',
        priority: 'batch',
        path,
        fileName: document.filename,
        mimeType: document.contentType,
        signal,
      }),
    ),
  )
  const pages = toSpokenPages(timed(transcript, document), READING_LIMITS.pages)
  if (pages.length === 0) throw new Unread('EMPTY', 'Nothing is said in this recording.')
  const { durationMs } = transcript
  await inRun(hearing, async (tx) => {
    const where = { documentId: document.id, organizationId: document.organizationId }
    await savePages(tx, where, { pages, needsRecognition: [] })
    await saveReading(tx, document.id, {
      pageCount: pages.length,
      language: toLanguage(transcript.language),
      ...(document.durationMs === null && durationMs !== null && { durationMs }),
    })
    await writeStatus(tx, run, { stage: 'RECOGNIZING', share: 1, degraded: document.status.degraded })
    await enqueueIngestion(tx, platform.jobs, run)
  })
}

/** A server that tells no times has said everything at once; it was said in all of the time that the file lasts. */
function timed({ segments }: Transcript, { durationMs }: Document): Transcript['segments'] {
  const [only, ...others] = segments
  return only && others.length === 0 && only.endMs <= only.startMs ? [{ ...only, endMs: durationMs ?? 0 }] : segments
}

/** Ends the run when the error is the document's; what an earlier one left in the index is taken out by a job. Rethrows what is to be tried again. */
async function giveUp(hearing: Hearing, error: unknown): Promise<void> {
  const { platform, run, signal } = hearing
  if (signal.aborted) throw error
  const reason = await reasonOf(hearing, toUnread(error))
  await inRun(hearing, async (tx) => {
    await writeStatus(tx, run, { stage: 'FAILED', error: reason })
    await enqueueIngestion(tx, platform.jobs, run)
  }).catch((late: unknown) => {
    if (!(late instanceof Superseded)) throw late
  })
}

function toUnread(error: unknown): unknown {
  if (error instanceof InvalidInput) return new Unread('UNREADABLE', error.message)
  if (!(error instanceof EngineUnavailable)) return error
  if (error.engine !== 'speech') throw error
  return new Unread(
    'SPEECH_UNAVAILABLE',
    'No speech server answers. Set SPEECH_URL to one: the recording is kept, and is then read by itself.',
  )
}
