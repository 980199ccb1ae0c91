import {
  connectionType,
  InvalidInput,
  NotAllowed,
  NotFound,
  pageArgs,
  QuotaExceeded,
  requirePage,
  requireScope,
} from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { secretsOf } from '../secrets.ts'
import {
  changeEndpoint,
  createEndpoint,
  removeEndpoint,
  rotateEndpointSecret,
  type WorkflowEndpoint,
} from './workflow-run-endpoint.ts'
import { findEndpoint, listEndpoints } from './workflow-run-endpoint.store.ts'
import type { Completion } from './workflow-run.tables.ts'

const CompletionEnum = builder.enumType('WorkflowCompletion', {
  description: 'How a workflow tells what came of a run.',
  values: {
    CALLBACK: {
      description: 'By `completeWorkflowRun`, with the key that it was given. For n8n: respond immediately.',
    },
    ANSWER: {
      description:
        'Its answer to the request is the result, within five minutes. For n8n: respond when the last node finishes.',
    },
  } satisfies Record<Completion, object>,
})

export const EndpointRef = builder.objectRef<WorkflowEndpoint>('WorkflowEndpoint')
EndpointRef.implement({
  description: 'A workflow outside, such as one of n8n, that is started by a request to its address.',
  interfaces: ['Node'],
  fields: (t) => ({
    name: t.exposeString('name', { description: 'For people.' }),
    url: t.string({
      nullable: true,
      description: 'What is asked to start it; null for who may not manage webhooks.',
      resolve: ({ url }, _args, { viewer }) => (viewer?.scopes.includes('webhook:manage') ? url : null),
    }),
    inputSchema: t.expose('inputSchema', {
      type: 'JSON',
      nullable: true,
      description: 'The JSON Schema of what it takes; null for anything.',
    }),
    completion: t.expose('completion', { type: CompletionEnum, description: 'How it tells what came of a run.' }),
    timeoutMinutes: t.exposeInt('timeoutMinutes', { description: 'How long a run may take.' }),
    active: t.exposeBoolean('active', { description: 'False when no run of it can be started.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Since when it is known.' }),
  }),
})

const EndpointsConnection = connectionType(builder, 'WorkflowEndpointsConnection', { node: EndpointRef })

builder.queryFields((t) => ({
  workflowEndpoints: t.field({
    description: 'The workflows outside that the organisation can start, oldest first.',
    type: EndpointsConnection,
    args: pageArgs(t),
    resolve: async (_root, args, context) => {
      const viewer = requireScope(context, 'workflow:run')
      const secrets = await secretsOf(context.platform, viewer.organizationId)
      return listEndpoints({ sql: context.platform.sql, secrets, viewer }, requirePage(args))
    },
  }),
  workflowEndpoint: t.field({
    description: 'One workflow; null when there is none.',
    type: EndpointRef,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'Of the workflow.' }) },
    resolve: async (_root, { id }, context) => {
      const viewer = requireScope(context, 'workflow:run')
      const secrets = await secretsOf(context.platform, viewer.organizationId)
      return context.platform.sql.withOrganization(viewer, (tx) => findEndpoint(tx, secrets, { id }))
    },
  }),
}))

const EndpointSecretRef = builder
  .objectRef<{ endpoint: WorkflowEndpoint; secret: string }>('WorkflowEndpointSecret')
  .implement({
    description: 'A workflow with what signs the requests that start it, which is told this once.',
    fields: (t) => ({
      endpoint: t.expose('endpoint', { type: EndpointRef, description: 'The workflow.' }),
      secret: t.exposeString('secret', {
        description: '`whsec_…`: what the workflow verifies signatures with, if it does. It is not told again.',
      }),
    }),
  })

const DeletedEndpointRef = builder.objectRef<{ id: string }>('DeletedWorkflowEndpoint').implement({
  description: 'A workflow that is not known any more, and neither are its runs.',
  fields: (t) => ({ id: t.exposeID('id', { description: 'The id that it had.' }) }),
})

const CreateEndpointInput = builder.inputType('CreateWorkflowEndpointInput', {
  description: 'A workflow outside.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'For people, at most 100 characters.' }),
    url: t.string({
      required: true,
      description:
        'Of its webhook node. Begins with https:// and is on the internet, unless the operator allows others.',
    }),
    inputSchema: t.field({
      type: 'JSON',
      description: 'A JSON Schema of what it takes, without patterns and references.',
    }),
    completion: t.field({ type: CompletionEnum, description: 'CALLBACK unless told.' }),
    timeoutMinutes: t.int({ description: 'How long a run may take, 1 to 43200; 60 unless told.' }),
  }),
})

const UpdateEndpointInput = builder.inputType('UpdateWorkflowEndpointInput', {
  description: 'What is to be different; what is left out stays.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Of the workflow.' }),
    name: t.string({ description: 'For people.' }),
    url: t.string({ description: 'Of its webhook node.' }),
    inputSchema: t.field({ type: 'JSON', description: 'A JSON Schema of what it takes; null for anything.' }),
    completion: t.field({ type: CompletionEnum, description: 'How it tells what came of a run.' }),
    timeoutMinutes: t.int({ description: 'How long a run may take.' }),
    active: t.boolean({ description: 'False to start no more runs of it.' }),
  }),
})

builder.mutationFields((t) => ({
  createWorkflowEndpoint: t.field({
    description: 'Makes a workflow known. For who manages webhooks.',
    type: EndpointSecretRef,
    errors: { types: [NotAllowed, InvalidInput, QuotaExceeded] },
    args: { input: t.arg({ type: CreateEndpointInput, required: true, description: 'The workflow.' }) },
    resolve: (_root, { input }, context) =>
      createEndpoint(context.platform, requireScope(context, 'webhook:manage'), {
        ...input,
        completion: input.completion ?? undefined,
        timeoutMinutes: input.timeoutMinutes ?? undefined,
      }),
  }),
  updateWorkflowEndpoint: t.field({
    description: 'Changes a workflow; runs that are under way are not touched. For who manages webhooks.',
    type: EndpointRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: { input: t.arg({ type: UpdateEndpointInput, required: true, description: 'The change.' }) },
    resolve: (_root, { input }, context) =>
      changeEndpoint(context.platform, requireScope(context, 'webhook:manage'), input),
  }),
  rotateWorkflowEndpointSecret: t.field({
    description: 'Gives a workflow another secret, at once. For who manages webhooks.',
    type: EndpointSecretRef,
    errors: { types: [NotFound, NotAllowed] },
    args: { id: t.arg.id({ required: true, description: 'Of the workflow.' }) },
    resolve: (_root, { id }, context) =>
      rotateEndpointSecret(context.platform, requireScope(context, 'webhook:manage'), id),
  }),
  deleteWorkflowEndpoint: t.field({
    description: 'Forgets a workflow with its runs. For who manages webhooks.',
    type: DeletedEndpointRef,
    errors: { types: [NotFound, NotAllowed] },
    args: { id: t.arg.id({ required: true, description: 'Of the workflow.' }) },
    resolve: (_root, { id }, context) => removeEndpoint(context.platform, requireScope(context, 'webhook:manage'), id),
  }),
}))
