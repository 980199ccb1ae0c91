import { createChannel } from '@passerelle/platform/facts/channel'
import { EngineUnavailable, NotAllowed, NotFound, requireViewer, subscriptionOf } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { cancelCall, readQueue, type CallView, type QueueView } from './queue.ts'

const InferenceLeaseRef = builder.objectRef<CallView>('InferenceLease').implement({
  description: 'A model call that is running.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Of this turn at the card.' }),
    task: t.exposeString('task', { description: 'What for: `ask`, `embed chunks`, `search`.' }),
    model: t.exposeString('model', { description: 'Which model is at it.' }),
    weight: t.exposeFloat('weight', { description: 'MiB of video memory.' }),
    since: t.expose('since', { type: 'DateTime', description: 'When its turn came.' }),
    cancellable: t.exposeBoolean('cancellable', {
      description: 'Whether the caller may end it: their own, or with `job:manage` any of the organisation.',
    }),
  }),
})

const InferenceWaitRef = builder.objectRef<QueueView['waitingCalls'][number]>('InferenceWait').implement({
  description: 'A model call that waits for its turn.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The same when its turn has come.' }),
    task: t.exposeString('task', { description: 'What for: `ask`, `embed chunks`, `search`.' }),
    model: t.exposeString('model', { description: 'Which model it waits for.' }),
    weight: t.exposeFloat('weight', { description: 'MiB of video memory.' }),
    place: t.exposeInt('place', {
      description: 'In the whole queue, from 1; calls of others stand at the places that are not shown.',
    }),
    since: t.expose('since', { type: 'DateTime', description: 'When it came.' }),
    cancellable: t.exposeBoolean('cancellable', { description: 'Whether the caller may end it.' }),
  }),
})

const InferenceQueueRef = builder.objectRef<QueueView>('InferenceQueue').implement({
  description:
    "The one queue in front of the card. Totals are the card's; `running` lists only what the caller's organisation runs.",
  fields: (t) => ({
    busy: t.boolean({
      description: 'True when somebody has to wait.',
      resolve: ({ waiting, used, capacity }) => waiting > 0 || used >= capacity,
    }),
    capacity: t.exposeFloat('capacity', { description: 'MiB.' }),
    used: t.exposeFloat('used', { description: 'MiB.' }),
    waiting: t.exposeInt('waiting', { description: 'Calls that wait for their turn.' }),
    running: t.expose('running', {
      description: "The calls of the caller's organisation that have their turn.",
      type: [InferenceLeaseRef],
    }),
    waitingCalls: t.expose('waitingCalls', {
      description: "The caller's own calls that wait, or with `job:manage` all of the organisation, in their order.",
      type: [InferenceWaitRef],
    }),
  }),
})

builder.queryField('inferenceQueue', (t) =>
  t.field({
    description: 'The queue in front of the models, as it is now.',
    type: InferenceQueueRef,
    resolve: (_root, _args, context) => readQueue(context.platform, requireViewer(context)),
  }),
)

builder.mutationField('cancelInferenceCall', (t) =>
  t.field({
    description:
      "Ends a model call that waits or runs: the caller's own, or with `job:manage` any of the organisation. Who made it goes on without a model where that is possible.",
    type: InferenceQueueRef,
    errors: { types: [NotFound, NotAllowed, EngineUnavailable] },
    args: { id: t.arg.id({ required: true, description: 'Of the call, as the queue shows it.' }) },
    resolve: (_root, { id }, context) => cancelCall(context.platform, requireViewer(context), id),
  }),
)

builder.subscriptionField('inferenceQueueChanged', (t) =>
  t.field({
    description: 'The queue now, and after each change.',
    type: InferenceQueueRef,
    subscribe: (_root, _args, context) => {
      const viewer = requireViewer(context)
      const { queue } = context.platform.models
      const changes = createChannel<null>(() => stop())
      const stop = queue.watch(() => changes.push(null))
      context.signal.addEventListener('abort', () => changes.end(), { once: true })
      changes.push(null)
      return subscriptionOf(changes, () => readQueue(context.platform, viewer))
    },
    resolve: (state) => state,
  }),
)
