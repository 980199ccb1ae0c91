import { createSourceEventStream, parse } from 'graphql'
import { expect, test } from 'vitest'
import type { Coordination } from '@passerelle/platform/coordination'
import { newId } from '@passerelle/platform/ids'
import { ai } from '../index.ts'
import { useProviderStage } from './provider.testing.ts'

const stage = useProviderStage()

/** The stage's coordination, with what is done while a watch is opened, and a count of the watches that are open. */
function watched(during: () => void) {
  const { coordination } = stage.platform
  let open = 0
  const counted: Coordination = {
    ...coordination,
    async subscribe(channel, onMessage) {
      const leave = await coordination.subscribe(channel, onMessage)
      open++
      during()
      return async () => {
        open--
        await leave()
      }
    },
  }
  return { coordination: counted, open: () => open }
}

const follow = (coordination: Coordination, signal: AbortSignal) =>
  createSourceEventStream({
    schema: ai.schema,
    document: parse('subscription { modelPullChanged { id } }'),
    contextValue: ai.createContext(
      { ...stage.platform, coordination },
      { viewer: stage.owner, requestId: newId('req'), signal, log: stage.platform.log },
    ),
  })

test('who leaves while their watch of the pulls is opened leaves no watch behind', async () => {
  const gone = new AbortController()
  const { coordination, open } = watched(() => gone.abort())
  const events = await follow(coordination, gone.signal)
  if (!(Symbol.asyncIterator in events)) throw new Error('The subscription was refused.')
  expect(await events[Symbol.asyncIterator]().next()).toEqual({ value: undefined, done: true })
  expect(open()).toBe(0)
})
