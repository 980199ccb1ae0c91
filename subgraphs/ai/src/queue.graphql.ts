import { createChannel } from '@passerelle/platform/facts/channel'
import { requireViewer, subscriptionOf } from '@passerelle/platform/schema'
import type { SemaphoreState } from '@passerelle/platform/coordination'
import { builder } from './builder.ts'

type LeaseView = SemaphoreState['running'][number]

const InferenceLeaseRef = builder.objectRef<LeaseView>('InferenceLease').implement({
  description: 'A model call that is running.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Of this turn at the card.' }),
    task: t.exposeString('task', { description: 'What for: `ask`, `embed chunks`, `search`.' }),
    model: t.exposeString('model', { description: 'Which model is at it.' }),
    weight: t.exposeFloat('weight', { description: 'MiB of video memory.' }),
    since: t.expose('since', { type: 'DateTime', description: 'When its turn came.' }),
  }),
})

const InferenceQueueRef = builder.objectRef<SemaphoreState>('InferenceQueue').implement({
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
    running: t.field({
      description: "The calls of the caller's organisation that have their turn.",
      type: [InferenceLeaseRef],
      resolve: ({ running }, _args, { viewer }) =>
        running.filter((lease) => lease.organizationId === viewer?.organizationId),
    }),
  }),
})

builder.queryField('inferenceQueue', (t) =>
  t.field({
    description: 'The queue in front of the models, as it is now.',
    type: InferenceQueueRef,
    resolve: (_root, _args, context) => {
      requireViewer(context)
      return context.platform.models.queue.state()
    },
  }),
)

builder.subscriptionField('inferenceQueueChanged', (t) =>
  t.field({
    description: 'The queue now, and after each change.',
    type: InferenceQueueRef,
    subscribe: (_root, _args, context) => {
      requireViewer(context)
      const { queue } = context.platform.models
      const changes = createChannel<null>(() => stop())
      const stop = queue.watch(() => changes.push(null))
      context.signal.addEventListener('abort', () => changes.end(), { once: true })
      changes.push(null)
      return subscriptionOf(changes, () => queue.state())
    },
    resolve: (state) => state,
  }),
)
