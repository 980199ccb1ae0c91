import type { NewFact } from '@passerelle/platform/facts'
import { z } from 'zod'

/** A collection was made, named otherwise or deleted, or other documents are in it. */
export const changed = z.object({ collectionId: z.string() })
export const changedType = 'collection.changed'

export function collectionChanged(payload: z.infer<typeof changed>): NewFact {
  return { type: changedType, payload }
}
