/** Where a document's ingestion stands. */
export const stages = [
  'WAITING',
  'STORING',
  'EXTRACTING',
  'RECOGNIZING',
  'CHUNKING',
  'EMBEDDING',
  'INDEXING',
  'LINKING',
  'FIELDS',
  'READY',
  'FAILED',
  'CANCELLED',
] as const
export type Stage = (typeof stages)[number]

export interface Status {
  stage: Stage
  /** 0 to 1 over the whole ingestion; it never goes back within a run. */
  progress: number
  error: { code: string; message: string } | null
  degraded: Stage[]
  cursor: string
  updatedAt: Date
}

/** Stages that end a run. */
export const finalStages: readonly Stage[] = ['READY', 'FAILED', 'CANCELLED']

/** How much of an ingestion is behind it when a stage begins; reading and recognising are most of the work. */
const beginnings: Partial<Record<Stage, number>> = {
  WAITING: 0,
  STORING: 0.02,
  EXTRACTING: 0.05,
  RECOGNIZING: 0.35,
  CHUNKING: 0.8,
  EMBEDDING: 0.84,
  INDEXING: 0.9,
  LINKING: 0.94,
  READY: 1,
}

/** Overall progress when the given share of a stage is done. */
export function progressOf(stage: Stage, share = 0): number {
  const begin = beginnings[stage] ?? 0
  const next = Object.values(beginnings).find((value) => value > begin) ?? 1
  return Math.round((begin + (next - begin) * Math.min(1, Math.max(0, share))) * 1000) / 1000
}
