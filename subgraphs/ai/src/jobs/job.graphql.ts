import { connectionType, pageArgs, parseInput, requirePage, requireScope, type Page } from '@passerelle/platform/schema'
import type { ModelCall } from '@passerelle/platform/models'
import { builder } from '../builder.ts'
import { listJobs, listJobWords, type JobSums, type ModelSums } from './job.store.ts'
import { jobFilter, messagesOf, type Job, type JobMessage, type JobSource } from './job.ts'
import { ChunkStub, DocumentStub, UserStub } from '../stubs.ts'

const JobOutcomeEnum = builder.enumType('JobOutcome', {
  description: 'How a model call ended.',
  values: {
    DONE: { value: 'done', description: 'The model answered to its end.' },
    FAILED: { value: 'failed', description: 'It did not; `error` says why.' },
    CANCELLED: { value: 'cancelled', description: 'Whoever asked had gone, or called it off.' },
  } satisfies Record<string, { value: ModelCall['outcome']; description: string }>,
})

const JobMessageRef = builder.objectRef<JobMessage>('JobMessage').implement({
  description: 'One message of what a model was sent.',
  fields: (t) => ({
    role: t.exposeString('role', { description: '`system`, `user` or `assistant`.' }),
    content: t.exposeString('content', { description: 'As it was sent.' }),
  }),
})

const JobSourceRef = builder.objectRef<JobSource>('JobSource').implement({
  description: 'A passage that a model was given to answer from.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Under which the prompt names it, from 1.' }),
    title: t.exposeString('title', { description: 'Of its document, as it was then.' }),
    document: t.field({
      description: 'Its document; null when it is gone, and for who may not read it.',
      type: DocumentStub,
      nullable: true,
      resolve: ({ documentId }) => ({ id: documentId }),
    }),
    chunk: t.field({
      description: 'The passage; null when it has been read anew since.',
      type: ChunkStub,
      nullable: true,
      resolve: ({ chunkId }) => ({ id: chunkId }),
    }),
  }),
})

const JobPromptRef = builder.objectRef<{ name: string; version: string | null }>('JobPrompt').implement({
  description: 'The template that the messages were made from.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Such as `answer-from-passages`.' }),
    version: t.exposeString('version', { nullable: true, description: 'Changes with every change of its words.' }),
  }),
})

export const JobRef = builder.objectRef<Job>('Job').implement({
  description:
    "The record of a model call. Texts of a call are seen by the person who caused it, and by the organisation's owners and administrators (`job:manage`); by nobody else.",
  interfaces: ['Node'],
  fields: (t) => ({
    task: t.exposeString('task', { description: 'What for: `ask`, `embed chunks`, `search`.' }),
    kind: t.exposeString('kind', { description: '`complete`, `embed`, `transcribe` …' }),
    provider: t.exposeString('provider', { description: 'Who ran the model.' }),
    model: t.exposeString('model', { description: 'Its name there.' }),
    digest: t.exposeString('digest', { nullable: true, description: 'Which build of it; null when nobody said.' }),
    prompt: t.field({
      description: 'Its template and version; null when it had none.',
      type: JobPromptRef,
      nullable: true,
      resolve: ({ prompt }) => toPrompt(prompt),
    }),
    temperature: t.exposeFloat('temperature', { nullable: true, description: 'Null when the caller did not say.' }),
    messages: t.field({
      description: 'What was sent; null when no texts are kept, as of embeddings.',
      type: [JobMessageRef],
      nullable: true,
      resolve: messagesOf,
    }),
    context: t.expose('context', { type: [JobSourceRef], description: 'The passages it was given, in their order.' }),
    output: t.exposeString('output', {
      nullable: true,
      description: 'What was answered, as far as it came; null when no texts are kept.',
    }),
    replayable: t.boolean({
      description: 'Whether `replayJob` can run it again.',
      resolve: (job) => messagesOf(job) !== null,
    }),
    inputTokens: t.exposeInt('inputTokens', { nullable: true, description: 'Null when the server did not count.' }),
    outputTokens: t.exposeInt('outputTokens', { nullable: true, description: 'Null when the server did not count.' }),
    costMicros: t.exposeFloat('costMicros', {
      description: 'Millionths of a euro, whole, by the price of the model when the call was recorded.',
    }),
    waitedMs: t.exposeInt('waitedMs', { description: 'Time in the queue.' }),
    durationMs: t.exposeInt('durationMs', { description: 'Time after it.' }),
    outcome: t.expose('outcome', { type: JobOutcomeEnum, description: 'How it ended.' }),
    error: t.exposeString('error', { nullable: true, description: 'Why it failed.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it was asked for.' }),
    user: t.field({
      description: 'Who caused it; null for the house itself, and for who may not see the members.',
      type: UserStub,
      nullable: true,
      resolve: ({ userId }) => (userId ? { id: userId } : null),
    }),
  }),
})

// The call whose messages were sent again is a call like any other, and seen by the same rule.
builder.objectField(JobRef, 'replayOf', (t) =>
  t.field({
    description: 'The call that this one repeats; null when it repeats none, and once that is no longer kept.',
    type: JobRef,
    nullable: true,
    resolve: ({ replayOf }, _args, { jobs }) => (replayOf ? jobs.load(replayOf) : null),
  }),
)

const sumFields = {
  count: 'How many calls.',
  inputTokens: 'Of what was sent.',
  outputTokens: 'Of what was answered.',
  costMicros: 'Millionths of a euro, whole.',
} as const

const ModelSumsRef = builder.objectRef<ModelSums>('JobModelTotals').implement({
  description: 'What the calls of one model come to.',
  fields: (t) => ({
    model: t.exposeString('model', { description: 'Which.' }),
    count: t.exposeInt('count', { description: sumFields.count }),
    inputTokens: t.exposeFloat('inputTokens', { description: sumFields.inputTokens }),
    outputTokens: t.exposeFloat('outputTokens', { description: sumFields.outputTokens }),
    costMicros: t.exposeFloat('costMicros', { description: sumFields.costMicros }),
  }),
})

const JobTotalsRef = builder.objectRef<JobSums & { models: ModelSums[] }>('JobTotals').implement({
  description: 'What all calls of a list come to, on every page together.',
  fields: (t) => ({
    count: t.exposeInt('count', { description: sumFields.count }),
    inputTokens: t.exposeFloat('inputTokens', { description: sumFields.inputTokens }),
    outputTokens: t.exposeFloat('outputTokens', { description: sumFields.outputTokens }),
    costMicros: t.exposeFloat('costMicros', { description: sumFields.costMicros }),
    models: t.expose('models', { type: [ModelSumsRef], description: 'The same by model, the dearest first.' }),
  }),
})

const JobsConnection = connectionType(builder, 'JobsConnection', { node: JobRef })
type JobsPage = Page<Job> & { sums?: () => Promise<ModelSums[]> }

builder.objectField(JobsConnection, 'totals', (t) =>
  t.field({
    description: 'What all of them come to; counted only when asked for.',
    type: JobTotalsRef,
    resolve: async (page: JobsPage) => {
      const models = (await page.sums?.()) ?? []
      const sum = (name: keyof JobSums): number => models.reduce((total, each) => total + each[name], 0)
      return {
        count: sum('count'),
        inputTokens: sum('inputTokens'),
        outputTokens: sum('outputTokens'),
        costMicros: sum('costMicros'),
        models,
      }
    },
  }),
)

const JobFilterInput = builder.inputType('JobFilter', {
  description: 'Which calls: those that match all that is given.',
  fields: (t) => ({
    task: t.string({ description: 'What for, exactly.' }),
    model: t.string({ description: 'Its name, exactly.' }),
    kind: t.string({ description: '`complete`, `embed`, `transcribe` …' }),
    outcome: t.field({ type: JobOutcomeEnum, description: 'How they ended.' }),
    userId: t.id({ description: 'Whose. Without `job:manage` a caller sees their own only.' }),
    from: t.field({ type: 'DateTime', description: 'Asked for at this moment or later.' }),
    to: t.field({ type: 'DateTime', description: 'Asked for before this moment.' }),
    text: t.string({ description: 'Words in a row of what was sent or answered, whatever their case.' }),
  }),
})

const JobWordsRef = builder.objectRef<{ tasks: string[]; models: string[] }>('JobWords').implement({
  description: 'What a filter of calls can be made of.',
  fields: (t) => ({
    tasks: t.exposeStringList('tasks', { description: 'Every task among the calls that the caller sees.' }),
    models: t.exposeStringList('models', { description: 'Every model among them.' }),
  }),
})

builder.queryFields((t) => ({
  job: t.field({
    description: 'A model call: one of the caller’s own, or with `job:manage` any of the organisation.',
    type: JobRef,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'Of the call.' }) },
    resolve: (_root, { id }, context) => {
      requireScope(context, 'answer:ask')
      return context.jobs.load(id)
    },
  }),
  jobs: t.field({
    description: 'Model calls, the newest first: the caller’s own, or with `job:manage` all of the organisation.',
    type: JobsConnection,
    args: { ...pageArgs(t), filter: t.arg({ type: JobFilterInput, description: 'All of them unless told.' }) },
    resolve: (_root, { filter, ...args }, context) =>
      listJobs(context.platform.sql, requireScope(context, 'answer:ask'), {
        filter: parseInput(jobFilter, filter ?? {}),
        page: requirePage(args),
      }),
  }),
  jobWords: t.field({
    description: 'The tasks and models among the calls that the caller sees.',
    type: JobWordsRef,
    resolve: (_root, _args, context) => {
      const viewer = requireScope(context, 'answer:ask')
      return context.platform.sql.withOrganization(viewer, (tx) => listJobWords(tx, viewer))
    },
  }),
}))

function toPrompt(prompt: string | null): { name: string; version: string | null } | null {
  if (!prompt) return null
  const at = prompt.lastIndexOf('@')
  return at < 0 ? { name: prompt, version: null } : { name: prompt.slice(0, at), version: prompt.slice(at + 1) }
}
