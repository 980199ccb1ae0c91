import {
  EngineUnavailable,
  InvalidInput,
  NotAllowed,
  NotFound,
  QuotaExceeded,
  requireScope,
} from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { compareJobs, type DiffKind, type DiffPart, type JobComparison } from './job-comparison.ts'
import { JobRef } from './job.graphql.ts'
import { listPrices, setPrice, type ModelPrice } from './job-price.ts'
import { NotReplayable, replayJob } from './job-replay.ts'

const DiffKindEnum = builder.enumType('DiffKind', {
  description: 'Where a stretch of two texts stands.',
  values: {
    SAME: { description: 'In both.' },
    REMOVED: { description: 'Only in the first.' },
    ADDED: { description: 'Only in the second.' },
  } satisfies Record<DiffKind, { description: string }>,
})

const DiffPartRef = builder.objectRef<DiffPart>('DiffPart').implement({
  description: 'A stretch of two texts that are held against each other, blanks included.',
  fields: (t) => ({
    kind: t.expose('kind', { type: DiffKindEnum, description: 'Where it stands.' }),
    text: t.exposeString('text', { description: 'Its words.' }),
  }),
})

const JobComparisonRef = builder.objectRef<JobComparison>('JobComparison').implement({
  description: 'Two calls side by side.',
  fields: (t) => ({
    left: t.expose('left', { type: JobRef, description: 'The first.' }),
    right: t.expose('right', { type: JobRef, description: 'The second.' }),
    output: t.expose('output', { type: [DiffPartRef], description: 'Both answers in one, word by word.' }),
    similarity: t.exposeFloat('similarity', { description: 'Share of the letters that they have in common, 0 to 1.' }),
  }),
})

builder.objectField(JobRef, 'comparison', (t) =>
  t.field({
    description: 'This call beside another; null when the caller sees no such call.',
    type: JobComparisonRef,
    nullable: true,
    args: { with: t.arg.id({ required: true, description: 'The other call.' }) },
    resolve: async (left, args, { jobs }) => {
      const right = await jobs.load(args.with)
      return right && compareJobs(left, right)
    },
  }),
)

builder.objectType(NotReplayable, {
  name: 'NotReplayable',
  description: 'No texts are kept of this call, such as an embedding, so it cannot be run again.',
  interfaces: ['Refusal'],
})

const ReplayJobInput = builder.inputType('ReplayJobInput', {
  description: 'Which call to run again, and what to change.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Of the call.' }),
    model: t.string({ description: 'Another model; the same unless told.' }),
    temperature: t.float({ description: '0 to 2; the same unless told.' }),
    batch: t.boolean({ description: 'True lets every question go first; false unless told.' }),
  }),
})

builder.mutationField('replayJob', (t) =>
  t.field({
    description:
      'Sends the messages of a call once more, through the same queue, and answers the new call when it has ended. A try that fails is recorded too.',
    type: JobRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput, EngineUnavailable, QuotaExceeded, NotReplayable] },
    args: { input: t.arg({ type: ReplayJobInput, required: true, description: 'The call.' }) },
    resolve: (_root, { input }, context) =>
      replayJob(context.platform, requireScope(context, 'answer:ask'), { input, signal: context.signal }),
  }),
)

const ModelPriceRef = builder.objectRef<ModelPrice>('ModelPrice').implement({
  description: 'What a model costs the organisation. One without a price costs nothing, as those of the house do.',
  fields: (t) => ({
    model: t.exposeString('model', { description: 'Its name, as calls are recorded with.' }),
    inputMicros: t.exposeFloat('inputMicros', {
      description: 'Millionths of a euro for a million tokens that are sent, whole.',
    }),
    outputMicros: t.exposeFloat('outputMicros', {
      description: 'Millionths of a euro for a million tokens that are answered, whole.',
    }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'Since when.' }),
  }),
})

const SetModelPriceInput = builder.inputType('SetModelPriceInput', {
  description: 'A model and what it costs.',
  fields: (t) => ({
    model: t.string({ required: true, description: 'Its name, as calls are recorded with.' }),
    inputMicros: t.float({
      required: true,
      description: 'Millionths of a euro for a million tokens that are sent, whole.',
    }),
    outputMicros: t.float({
      required: true,
      description: 'Millionths of a euro for a million tokens that are answered, whole.',
    }),
  }),
})

builder.mutationField('setModelPrice', (t) =>
  t.field({
    description: 'Sets what a model costs from now on (`job:manage`). Calls that are recorded keep what they cost.',
    type: ModelPriceRef,
    errors: { types: [NotAllowed, InvalidInput] },
    args: { input: t.arg({ type: SetModelPriceInput, required: true, description: 'The price.' }) },
    resolve: (_root, { input }, context) => setPrice(context.platform.sql, requireScope(context, 'job:manage'), input),
  }),
)

builder.queryField('modelPrices', (t) =>
  t.field({
    description: 'The models that cost something, by name.',
    type: [ModelPriceRef],
    resolve: (_root, _args, context) => listPrices(context.platform.sql, requireScope(context, 'answer:ask')),
  }),
)
