import {
  EngineUnavailable,
  InvalidInput,
  NotAllowed,
  QuotaExceeded,
  requireScope,
  subscriptionOf,
} from '@passerelle/platform/schema'
import { AnswerRef } from '../conversations/answer.graphql.ts'
import type { Answer } from '../conversations/answer.ts'
import { ask } from './ask.ts'
import { builder } from '../builder.ts'

const AskInput = builder.inputType('AskInput', {
  description: '`requestId` makes a repeated call join the first one: same answer, tokens replayed, asked once.',
  fields: (t) => ({
    requestId: t.id({ description: "The caller's own name for this request." }),
    question: t.string({ required: true, description: 'At most 2,000 characters.' }),
    conversationId: t.id({ description: 'Goes on with a conversation; without it a new one begins.' }),
    documentIds: t.idList({ description: 'Asks only these documents; all that the caller may read unless told.' }),
    collectionIds: t.idList({ description: 'Asks only documents in one of these collections; at most 100.' }),
    topK: t.int({ description: 'How many passages to look at, 1 to 20; 8 unless told.' }),
    temperature: t.float({ description: '0 to 2, for a model.' }),
  }),
})

const refusals = [InvalidInput, NotAllowed, QuotaExceeded, EngineUnavailable] as const

builder.mutationField('ask', (t) =>
  t.field({
    description:
      'Answers a question from the records and documents that the caller may read, each sentence with its sources.',
    type: AnswerRef,
    errors: { types: [...refusals] },
    args: { input: t.arg({ type: AskInput, required: true, description: 'The question.' }) },
    resolve: async (_root, { input }, context) => {
      const viewer = requireScope(context, 'answer:ask')
      const events = ask(context.platform, viewer, input)
      context.signal.addEventListener('abort', () => void events.return?.(), { once: true })
      for await (const event of events) {
        if (event.type === 'answer') return event.answer
        if (event.type === 'refused') throw event.refusal
      }
      throw new EngineUnavailable('models')
    },
  }),
)

interface AnswerToken {
  text: string
}

const AnswerTokenRef = builder.objectRef<AnswerToken>('AnswerToken').implement({
  description: 'The next words of the answer.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'To be put right behind what came before, blanks included.' }),
  }),
})

interface AnswerPlace {
  place: number
}

const AnswerPlaceRef = builder.objectRef<AnswerPlace>('AnswerPlace').implement({
  description: 'The question waits for a model; told again whenever the place changes, until the first words come.',
  fields: (t) => ({
    place: t.exposeInt('place', { description: 'In the queue in front of the models, from 1.' }),
  }),
})

const AnswerEventRef = builder.unionType('AnswerEvent', {
  description:
    'The place in the queue, while the question waits; words as they come; then the whole answer, or why there is none.',
  types: [AnswerTokenRef, AnswerPlaceRef, AnswerRef, ...refusals],
  resolveType: (event) => {
    if ('id' in event) return 'Answer'
    if ('place' in event) return 'AnswerPlace'
    return 'name' in event ? event.name : 'AnswerToken'
  },
})

type RefusalView = Pick<InstanceType<(typeof refusals)[number]>, 'name' | 'code' | 'message' | 'extensions'>
type AnswerEvent = AnswerToken | AnswerPlace | Answer | InstanceType<(typeof refusals)[number]>

builder.subscriptionField('askStream', (t) =>
  t.field({
    description: 'The same as `ask`, word by word. A lost connection joins again with the same `requestId`.',
    type: AnswerEventRef,
    args: { input: t.arg({ type: AskInput, required: true, description: 'The question.' }) },
    subscribe: (_root, { input }, context) => {
      try {
        const events = ask(context.platform, requireScope(context, 'answer:ask'), input)
        context.signal.addEventListener('abort', () => void events.return?.(), { once: true })
        return subscriptionOf(events, (event): AnswerEvent => {
          if (event.type === 'token') return { text: event.text }
          if (event.type === 'place') return { place: event.place }
          return event.type === 'answer' ? event.answer : toView(event.refusal)
        })
      } catch (error) {
        return single(toView(error))
      }
    },
    resolve: (event) => event,
  }),
)

/** A refusal that the union can carry, as a value: GraphQL would throw an Error that a resolver gives. Anything else is thrown on. */
function toView(error: unknown): AnswerEvent {
  for (const type of refusals) {
    if (error instanceof type) return { ...error, name: type.name, message: error.message } satisfies RefusalView
  }
  throw error
}

async function* single(event: AnswerEvent): AsyncIterableIterator<AnswerEvent> {
  yield event
}
