import type { Tone } from '@/components/Kit/tones'
import type { IngestionStage } from '@/gql/graphql'

/** How a stage looks: always an icon and a word beside the colour. */
export interface StageLook {
  icon: string
  tone: Tone
  spins?: boolean
}

const reading: StageLook = { icon: 'i-lucide-loader-circle', tone: 'info', spins: true }

const looks: Partial<Record<IngestionStage, StageLook>> = {
  WAITING: { icon: 'i-lucide-clock', tone: 'neutral' },
  READY: { icon: 'i-lucide-circle-check', tone: 'success' },
  FAILED: { icon: 'i-lucide-circle-x', tone: 'error' },
  CANCELLED: { icon: 'i-lucide-circle-slash', tone: 'neutral' },
}

/** The look of a document's stage; one that is ready but not complete yet says so. */
export function stageLook(stage: IngestionStage, degraded: readonly IngestionStage[] = []): StageLook {
  if (stage === 'READY' && degraded.length > 0) return { icon: 'i-lucide-circle-dashed', tone: 'warning' }
  return looks[stage] ?? reading
}

export const activeStages: IngestionStage[] = [
  'WAITING',
  'STORING',
  'EXTRACTING',
  'RECOGNIZING',
  'CHUNKING',
  'EMBEDDING',
  'INDEXING',
  'LINKING',
  'FIELDS',
]

/** True while the document is still being read. */
export function isActive(stage: IngestionStage): boolean {
  return activeStages.includes(stage)
}

/** The groups a person filters by, each with its stages. */
export const stageFilters = {
  reading: activeStages,
  ready: ['READY'],
  failed: ['FAILED'],
  cancelled: ['CANCELLED'],
} satisfies Record<string, IngestionStage[]>

export type StageFilter = keyof typeof stageFilters

/** Reads a filter from an address; anything unknown is no filter. */
export function toStageFilter(text: string): StageFilter | undefined {
  return Object.hasOwn(stageFilters, text) ? (text as StageFilter) : undefined
}
