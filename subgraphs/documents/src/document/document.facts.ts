import type { NewFact } from '@passerelle/platform/facts'
import { z } from 'zod'
import { stages } from '../status/status.ts'

/** One step of a document's ingestion, with all a subscriber needs to show it. */
export const statusChanged = z.object({
  documentId: z.string(),
  stage: z.enum(stages),
  progress: z.number(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  degraded: z.array(z.enum(stages)),
  at: z.coerce.date(),
})
export const statusChangedType = 'document.status_changed'

/** Its mentions are written; the graph may take them over. */
export const linked = z.object({ documentId: z.string(), run: z.number() })
export const linkedType = 'document.linked'

export function documentLinked(payload: z.infer<typeof linked>): NewFact {
  return { type: linkedType, payload }
}

export const deleted = z.object({ documentId: z.string(), hash: z.string().nullable() })
export const deletedType = 'document.deleted'

export function documentDeleted(payload: z.infer<typeof deleted>): NewFact {
  return { type: deletedType, payload }
}
