import { builder } from './builder.ts'
import { stages, type Status } from './status.ts'
import { loadTimings, type Run, type StageTiming } from './status.store.ts'

export const StageEnum = builder.enumType('IngestionStage', {
  description: 'Where the reading of a document stands. READY, FAILED and CANCELLED end it.',
  values: stages,
})

const IngestionErrorRef = builder.objectRef<{ code: string; message: string }>('IngestionError').implement({
  description:
    'Why a document could not be read; `code` is stable: PASSWORD_REQUIRED, UNREADABLE, UNSUPPORTED_TYPE, TOO_LARGE, TOO_MANY_PAGES, TIMED_OUT, EMPTY.',
  fields: (t) => ({ code: t.exposeString('code'), message: t.exposeString('message') }),
})

const StageTimingRef = builder.objectRef<StageTiming>('StageTiming').implement({
  description: 'When a stage began and ended.',
  fields: (t) => ({
    stage: t.expose('stage', { type: StageEnum }),
    startedAt: t.expose('startedAt', { type: 'DateTime' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true }),
  }),
})

export const StatusRef = builder.objectRef<Status & Run>('IngestionStatus').implement({
  description: 'How far a document has been read.',
  fields: (t) => ({
    stage: t.expose('stage', { type: StageEnum }),
    progress: t.exposeFloat('progress', { description: '0 to 1 over all stages; it never goes back within one reading.' }),
    error: t.expose('error', { type: IngestionErrorRef, nullable: true }),
    degraded: t.expose('degraded', {
      type: [StageEnum],
      description: 'What could not be done yet while an engine is away (EMBEDDING, LINKING); it is caught up by itself.',
    }),
    cursor: t.exposeString('cursor', { description: 'Continues a subscription right after this status.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
    stages: t.field({
      description: 'The stages of the present reading, in the order they began.',
      type: [StageTimingRef],
      resolve: (status, _args, { viewer, platform }) => (viewer ? platform.sql.withOrganization(viewer, (tx) => loadTimings(tx, status)) : []),
    }),
  }),
})
