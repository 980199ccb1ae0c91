import type { EntityType, MentionRelation } from '@passerelle/platform/graph'
import type { Stretch } from './names.ts'

/** A place that says more of an entity than that the document names it. */
export interface Said extends Stretch {
  page: number
  entityType: EntityType
  relation: Exclude<MentionRelation, 'MENTIONS'>
  confidence: number
}
