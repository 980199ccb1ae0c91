import { TimedOut } from '@passerelle/platform/sandbox'
import type { Platform } from '@passerelle/platform/subgraph'
import { toLanguage } from '../search/language.ts'
import { findDocument } from '../document/document.store.ts'
import { loadPages } from '../pages/page.store.ts'
import { Unread } from '../reading/reading.ts'
import { Superseded, type Run } from '../status/status.store.ts'
import type understand from './understand.task.ts'
import type { Understood } from './understand.task.ts'

/** What the text of a document says: language, kind, chunks with their terms, mentions. Worked out once, when first asked for. */
export type Understanding = () => Promise<Understood>

/** Half a megabyte of hostile text takes a tenth of this. */
const patienceMs = 20_000
const task = new URL('./understand.task.ts', import.meta.url)

/** The same pages always give the same understanding, so a stage that is repeated may ask again. Throws Unread (EMPTY) when there is no text. */
export function createUnderstanding(
  platform: Platform,
  { scope, run, signal }: { scope: { organizationId: string }; run: Run; signal: AbortSignal },
): Understanding {
  let known: Promise<Understood> | null = null
  return () => {
    known ??= workOut()
    return known
  }

  async function workOut(): Promise<Understood> {
    const [document, pages] = await platform.sql.withOrganization(scope, async (tx) => [
      await findDocument(tx, run.documentId),
      await loadPages(tx, run.documentId),
    ])
    if (!document) throw new Superseded(run)
    if (pages.every((page) => page.text.trim() === '')) throw new Unread('EMPTY', 'No page has text.')
    // What is said in a few words does not tell its language; whoever wrote it down has heard it.
    const input = { pages, contentType: document.contentType, spoken: toLanguage(document.language) }
    return platform.sandbox
      .run<typeof understand>(task, input, { signal, deadline: patienceMs })
      .catch((error: unknown) => {
        throw error instanceof TimedOut
          ? new Unread('TIMED_OUT', 'Its text could not be worked through in time.')
          : error
      })
  }
}
