import { builder } from '../builder.ts'
import type { Stage, Status } from './status.ts'
import type { StageTiming } from './stage.store.ts'
import type { Run } from './status.store.ts'

export const StageEnum = builder.enumType('IngestionStage', {
  description: 'Where the reading of a document stands. READY, FAILED and CANCELLED end it.',
  values: {
    WAITING: { description: 'Announced; the bytes have not arrived.' },
    STORING: { description: 'The bytes are kept; reading is about to begin.' },
    EXTRACTING: { description: 'Printed text is read, page by page.' },
    RECOGNIZING: { description: 'Pictures of pages are read (OCR), or what is said in a recording is written down.' },
    CHUNKING: { description: 'The text is cut into passages; language and kind are found.' },
    EMBEDDING: { description: 'An embedding model turns the passages into vectors.' },
    INDEXING: { description: 'The passages become searchable.' },
    LINKING: { description: 'What it names is found and joined to the knowledge graph.' },
    FIELDS: { description: 'The values of a business document are read.' },
    READY: { description: 'Done. What `degraded` names is still caught up.' },
    FAILED: { description: 'It could not be read; `error` says why.' },
    CANCELLED: { description: 'Somebody stopped the reading.' },
  } satisfies Record<Stage, { description: string }>,
})

const IngestionErrorRef = builder.objectRef<{ code: string; message: string }>('IngestionError').implement({
  tag: 'partner',
  description:
    'Why a document could not be read; `code` is stable: PASSWORD_REQUIRED, UNREADABLE, UNSUPPORTED_TYPE, TOO_LARGE, TOO_MANY_PAGES, TIMED_OUT, EMPTY, SPEECH_UNAVAILABLE.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'One of those; for programs.' }),
    message: t.exposeString('message', { description: 'What happened, for people who look into it.' }),
  }),
})

const StageTimingRef = builder.objectRef<StageTiming>('StageTiming').implement({
  tag: 'partner',
  description: 'When a stage began and ended.',
  fields: (t) => ({
    stage: t.expose('stage', { type: StageEnum, description: 'Which.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it was first entered.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'Null while it lasts.' }),
  }),
})

export const StatusRef = builder.objectRef<Status & Run>('IngestionStatus').implement({
  tag: 'partner',
  description: 'How far a document has been read.',
  fields: (t) => ({
    stage: t.expose('stage', { type: StageEnum, description: 'Where it stands.' }),
    progress: t.exposeFloat('progress', {
      description: '0 to 1 over all stages; it never goes back within one reading.',
    }),
    error: t.expose('error', {
      type: IngestionErrorRef,
      nullable: true,
      description: 'Why it FAILED; null otherwise.',
    }),
    degraded: t.expose('degraded', {
      type: [StageEnum],
      description:
        'What could not be done yet while an engine is away (EMBEDDING, LINKING); it is caught up by itself.',
    }),
    cursor: t.exposeString('cursor', { description: 'Continues a subscription right after this status.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it came to stand there.' }),
    stages: t.field({
      description: 'The stages of the present reading, in the order they began.',
      type: [StageTimingRef],
      resolve: (status, _args, { load }) => load.timings.load(status),
    }),
  }),
})
