import { connectionType, pageArgs, requirePage, requireScope } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { EndpointRef } from './workflow-run-endpoint.graphql.ts'
import { watchRuns, type RunChange } from './workflow-run.facts.ts'
import { runLoaders } from './workflow-run.loaders.ts'
import { findRun, listRuns } from './workflow-run.store.ts'
import type { RunState } from './workflow-run.tables.ts'
import type { Run, Step } from './workflow-run.ts'

export const RunStateEnum = builder.enumType('WorkflowRunState', {
  description: 'How a run stands.',
  values: {
    QUEUED: { description: 'The workflow is about to be asked, or asked again.' },
    RUNNING: { description: 'It is under way.' },
    WAITING: { description: 'It waits for something or somebody, and says so.' },
    DONE: { description: 'Its result is there.' },
    FAILED: { description: 'It could not be started, or failed; `failure` says why.' },
    TIMED_OUT: { description: 'No result came in time.' },
    CANCELLED: { description: 'Somebody ended it.' },
  } satisfies Record<RunState, object>,
})

const StepRef = builder.objectRef<Step>('WorkflowStep').implement({
  description: 'What a run told of itself on its way.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'From 1.' }),
    name: t.exposeString('name', { description: 'In the words of the workflow.' }),
    message: t.exposeString('message', { nullable: true, description: 'What it adds.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was told.' }),
  }),
})

export const RunRef = builder.objectRef<Run>('WorkflowRun')
RunRef.implement({
  description: 'One run of a workflow outside.',
  interfaces: ['Node'],
  fields: (t) => ({
    endpoint: t.field({
      description: 'The workflow.',
      type: EndpointRef,
      nullable: true,
      resolve: ({ endpointId }, _args, context) => runLoaders(context).endpoints.load(endpointId),
    }),
    requestId: t.exposeString('requestId', {
      description:
        'What it was started under: the same again is the same run. The id of the run once a person was erased whom it named.',
    }),
    state: t.expose('state', { type: RunStateEnum, description: 'How it stands.' }),
    input: t.expose('input', { type: 'JSON', nullable: true, description: 'What it was given.' }),
    result: t.expose('result', {
      type: 'JSON',
      nullable: true,
      description: 'What came of it; null until it is DONE.',
    }),
    failure: t.exposeString('failure', { nullable: true, description: 'Why it failed, or could not be started yet.' }),
    progress: t.exposeFloat('progress', { nullable: true, description: '0 to 1; null while it says nothing.' }),
    steps: t.field({
      description: 'What it told on its way, first to last.',
      type: [StepRef],
      resolve: ({ id }, _args, context) => runLoaders(context).steps.load(id),
    }),
    attempts: t.exposeInt('attempts', { description: 'How often the workflow was asked to start.' }),
    retryOf: t.exposeID('retryOf', { nullable: true, description: 'The run that this one repeats.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When the workflow took it.' }),
    endedAt: t.expose('endedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    deadlineAt: t.expose('deadlineAt', {
      type: 'DateTime',
      description: 'When it is given up; later while it has not been asked for the first time.',
    }),
  }),
})

const RunsConnection = connectionType(builder, 'WorkflowRunsConnection', { node: RunRef })

builder.queryFields((t) => ({
  workflowRun: t.field({
    description: 'One run; null when there is none.',
    type: RunRef,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'Of the run.' }) },
    resolve: (_root, { id }, context) =>
      context.platform.sql.withOrganization(requireScope(context, 'workflow:run'), (tx) => findRun(tx, id)),
  }),
  workflowRuns: t.field({
    description: "The organisation's runs, newest first.",
    type: RunsConnection,
    args: {
      ...pageArgs(t),
      endpointId: t.arg.id({ description: 'Only of this workflow.' }),
      states: t.arg({ type: [RunStateEnum], description: 'Only those that stand so; all unless told.' }),
    },
    resolve: (_root, { endpointId, states, ...args }, context) => {
      const viewer = requireScope(context, 'workflow:run')
      const filter = { endpointId: endpointId ?? null, states: states ?? null }
      return listRuns({ sql: context.platform.sql, viewer }, filter, requirePage(args))
    },
  }),
}))

const RunChangeRef = builder.objectRef<RunChange>('WorkflowRunChange').implement({
  description: 'Something about a run is different.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Of the run.' }),
    run: t.field({
      description: 'As it is now; null once it is gone.',
      type: RunRef,
      nullable: true,
      resolve: ({ id }, _args, context) =>
        context.platform.sql.withOrganization(requireScope(context, 'workflow:run'), (tx) => findRun(tx, id)),
    }),
    cursor: t.exposeString('cursor', { description: 'Continue after this one with `after`.' }),
  }),
})

builder.subscriptionField('workflowRunChanged', (t) =>
  t.field({
    description: 'Every change of runs, from now on or after a cursor.',
    type: RunChangeRef,
    args: {
      id: t.arg.id({ description: 'Only of this run.' }),
      after: t.arg.string({ description: 'A cursor of an earlier change.' }),
    },
    subscribe: (_root, { id, after }, context) =>
      watchRuns(context.platform, {
        viewer: requireScope(context, 'workflow:run'),
        id: id ?? null,
        after: after ?? null,
        signal: context.signal,
      }),
    resolve: (change) => change,
  }),
)
