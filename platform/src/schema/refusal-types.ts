import type { BaseContext } from '../subgraph/subgraph.ts'
import type { Builder } from './builder.ts'
import { contracts } from './viewer.ts'
import { EngineUnavailable, InvalidInput, NotAllowed, NotFound, QuotaExceeded } from './refusals.ts'

/** The refusals as types, the same in every subgraph. One that a subgraph never answers is left out of its schema by the composition. */
export function addRefusals<Context extends BaseContext>(builder: Builder<Context>): void {
  builder.interfaceType('Refusal', {
    description: 'What a caller can act on: why the request was refused.',
    fields: (t) => ({
      code: t.exposeString('code', { description: 'Stable; for programs.' }),
      message: t.exposeString('message', { description: 'One sentence; for people.' }),
    }),
  })
  builder.objectType(NotFound, {
    name: 'NotFound',
    description: 'Nothing is there under this id, or not for you.',
    interfaces: ['Refusal'],
    shareable: true,
    tag: [...contracts],
  })
  builder.objectType(NotAllowed, {
    name: 'NotAllowed',
    description: 'Your role or scopes do not allow this.',
    interfaces: ['Refusal'],
    shareable: true,
    tag: [...contracts],
  })
  builder.objectType(InvalidInput, {
    name: 'InvalidInput',
    description: 'The input is at fault; nothing was written.',
    interfaces: ['Refusal'],
    shareable: true,
    tag: [...contracts],
    fields: (t) => ({
      path: t.exposeStringList('path', { nullable: true, description: 'The field at fault, outermost name first.' }),
    }),
  })
  builder.objectType(QuotaExceeded, {
    name: 'QuotaExceeded',
    description: 'The plan does not hold more of this.',
    interfaces: ['Refusal'],
    shareable: true,
    tag: [...contracts],
    fields: (t) => ({
      limit: t.exposeFloat('limit', { description: 'How much the plan holds, in the unit of what was asked for.' }),
      used: t.exposeFloat('used', { description: 'How much of it is taken.' }),
      resetsAt: t.expose('resetsAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When the count starts again; null when it does not.',
      }),
    }),
  })
  builder.objectType(EngineUnavailable, {
    name: 'EngineUnavailable',
    description: 'An engine that this needs does not answer; try again later.',
    interfaces: ['Refusal'],
    shareable: true,
    tag: [...contracts],
    fields: (t) => ({
      engine: t.exposeString('engine', { description: 'Which: `sql`, `graph`, `vectors`, `blobs`, `models` …' }),
    }),
  })
}
