import { InvalidInput, NotAllowed, NotFound, requireScope } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { completeRun, reportProgress } from './workflow-run-report.ts'
import { RunRef, RunStateEnum } from './workflow-run.graphql.ts'
import { WorkflowRunOver } from './workflow-run.refusals.ts'
import { cancelRun, retryRun, startRun, type Run } from './workflow-run.ts'

builder.objectType(WorkflowRunOver, {
  name: 'WorkflowRunOver',
  description: 'The run has ended: it reports no more, and cannot be cancelled.',
  interfaces: ['Refusal'],
  fields: (t) => ({ state: t.expose('state', { type: RunStateEnum, description: 'How it ended.' }) }),
})

const StartRunInput = builder.inputType('StartWorkflowRunInput', {
  description: 'What to run, on what.',
  fields: (t) => ({
    endpointId: t.id({ required: true, description: 'The workflow.' }),
    requestId: t.string({
      required: true,
      description: 'Any text of yours: the same again, for the same workflow, is the same run and starts nothing.',
    }),
    input: t.field({ type: 'JSON', description: 'What the workflow is given; 100,000 characters of JSON at most.' }),
  }),
})

builder.mutationFields((t) => ({
  startWorkflowRun: t.field({
    description: 'Has a workflow run. It is asked at once, and again for some minutes while it does not answer.',
    type: RunRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: { input: t.arg({ type: StartRunInput, required: true, description: 'The run.' }) },
    resolve: (_root, { input }, context) => startRun(context.platform, requireScope(context, 'workflow:run'), input),
  }),
  retryWorkflowRun: t.field({
    description: 'Has a workflow run once more with the input of a run that has ended.',
    type: RunRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: {
      id: t.arg.id({ required: true, description: 'Of the run that has ended.' }),
      requestId: t.arg.string({
        required: true,
        description: 'As of `startWorkflowRun`: the same again is the same run.',
      }),
    },
    resolve: (_root, args, context) => retryRun(context.platform, requireScope(context, 'workflow:run'), args),
  }),
  cancelWorkflowRun: t.field({
    description:
      'Ends a run that is under way. What the workflow reports from then on is refused, which tells it to stop.',
    type: RunRef,
    errors: { types: [NotFound, NotAllowed, WorkflowRunOver] },
    args: { id: t.arg.id({ required: true, description: 'Of the run.' }) },
    resolve: (_root, { id }, context) => cancelRun(context.platform, requireScope(context, 'workflow:run'), id),
  }),
}))

const ReportedRef = builder.objectRef<Run>('WorkflowRunReported').implement({
  description: 'What the house has noted.',
  fields: (t) => ({
    runId: t.id({ description: 'Of the run.', resolve: ({ id }) => id }),
    state: t.expose('state', { type: RunStateEnum, description: 'How it stands now.' }),
  }),
})

const StepInput = builder.inputType('WorkflowStepInput', {
  description: 'A step that a run has come to.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'At most 200 characters.' }),
    message: t.string({ description: 'At most 2,000 characters.' }),
  }),
})

const ProgressInput = builder.inputType('ReportWorkflowProgressInput', {
  description: 'How far a run has come.',
  fields: (t) => ({
    key: t.string({
      required: true,
      description:
        'The key that the workflow was given (`callback.key`): it is good for this run alone, until that ends.',
    }),
    state: t.field({ type: RunStateEnum, description: 'RUNNING unless told, or WAITING.' }),
    progress: t.float({ description: '0 to 1.' }),
    step: t.field({ type: StepInput, description: 'A step that it has come to; 500 of them at most.' }),
  }),
})

const CompleteInput = builder.inputType('CompleteWorkflowRunInput', {
  description: 'What came of a run.',
  fields: (t) => ({
    key: t.string({ required: true, description: 'The key that the workflow was given (`callback.key`).' }),
    state: t.field({ type: RunStateEnum, required: true, description: 'DONE or FAILED.' }),
    result: t.field({ type: 'JSON', description: 'When it is done; 262,144 characters of JSON at most.' }),
    failure: t.string({ description: 'Why it failed; at most 2,000 characters.' }),
  }),
})

builder.mutationFields((t) => ({
  reportWorkflowProgress: t.field({
    description: 'For the workflow itself, by the key of its run and without any other: tells how far it has come.',
    type: ReportedRef,
    errors: { types: [NotFound, InvalidInput, WorkflowRunOver] },
    args: { input: t.arg({ type: ProgressInput, required: true, description: 'How far.' }) },
    resolve: (_root, { input }, { platform }) =>
      reportProgress(platform, { ...input, state: narrowed(input.state ?? null, ['RUNNING', 'WAITING'] as const) }),
  }),
  completeWorkflowRun: t.field({
    description:
      'For the workflow itself, by the key of its run and without any other: tells what came of it. Told twice, it is told once.',
    type: ReportedRef,
    errors: { types: [NotFound, InvalidInput, WorkflowRunOver] },
    args: { input: t.arg({ type: CompleteInput, required: true, description: 'What came of it.' }) },
    resolve: (_root, { input }, { platform }) => {
      const state = narrowed(input.state, ['DONE', 'FAILED'] as const)
      if (!state) throw new InvalidInput('A run ends DONE or FAILED.', ['input', 'state'])
      return completeRun(platform, { ...input, state })
    },
  }),
}))

function narrowed<State extends string>(state: string | null, allowed: readonly State[]): State | null {
  if (state === null) return null
  const found = allowed.find((each) => each === state)
  if (!found) throw new InvalidInput(`A workflow cannot say ${state}.`, ['input', 'state'])
  return found
}
