import { describe, expect, it } from 'vitest'
import type { LiveSink } from '@/api/socket'
import type { AnswerPartsFragment } from '@/gql/graphql'
import { followAnswer, type AnswerEvent } from './answer-stream'

const answer = {
  __typename: 'Answer',
  id: 'ans_1',
  text: 'Le total est 12 €.',
  sentences: [] as unknown[],
} as AnswerPartsFragment & {
  __typename: 'Answer'
}

/** A stream, a one-piece ask and two clocks that the test drives by hand. */
function start() {
  const frames: (() => void)[] = []
  const log: string[] = []
  let sink: LiveSink<AnswerEvent> | undefined
  let patience = () => {}
  const followed = followAnswer(
    { requestId: 'r1', question: 'Quel total ?' },
    {
      stream: (input, given) => {
        log.push(`stream ${input.requestId}`)
        sink = given
        return () => log.push('stream stopped')
      },
      ask: async (input) => {
        log.push(`ask ${input.requestId}`)
        return answer
      },
      nextFrame: (paint) => void frames.push(paint),
      afterPatience: (act) => {
        patience = act
        return () => {}
      },
    },
  )
  const token = (text: string) => sink?.next({ __typename: 'AnswerToken', text })
  return {
    ...followed,
    log,
    token,
    paint: () => frames.splice(0).forEach((frame) => frame()),
    sink: () => sink,
    losePatience: () => patience(),
  }
}

describe('an answer that is being written', () => {
  it('waits at its place in the queue, which ends nothing', () => {
    const { turn, sink } = start()
    sink()?.next({ __typename: 'AnswerPlace', place: 3 })
    expect(turn).toMatchObject({ state: 'streaming', place: 3 })
  })

  it('is painted once a frame, whatever the number of tokens', () => {
    const { turn, token, paint } = start()
    token('Le ')
    token('total')
    expect(turn.text).toBe('')
    paint()
    expect(turn.text).toBe('Le total')
  })

  it('starts over when the socket came back, because the server repeats it', () => {
    const { turn, token, paint, sink } = start()
    sink()?.connected?.()
    token('Le total')
    paint()
    sink()?.connected?.()
    token('Le ')
    paint()
    expect(turn.text).toBe('Le ')
  })

  it('ends with the whole answer', async () => {
    const { turn, token, sink, finished, log } = start()
    token('Le total')
    sink()?.next(answer)
    await finished
    expect(turn).toMatchObject({ state: 'answered', text: answer.text, answer })
    expect(log).toEqual(['stream r1', 'stream stopped'])
  })

  it('ends with the reason when it is refused', async () => {
    const { turn, sink, finished } = start()
    sink()?.next({ __typename: 'EngineUnavailable', code: 'ENGINE_UNAVAILABLE', message: 'no' })
    await finished
    expect(turn).toMatchObject({ state: 'refused', refusal: { code: 'ENGINE_UNAVAILABLE' } })
  })

  it('keeps what was written when the person stops it, and hears nothing more', async () => {
    const { turn, token, stop, sink, finished } = start()
    token('Le total')
    stop()
    sink()?.next(answer)
    await finished
    expect(turn).toMatchObject({ state: 'stopped', text: 'Le total' })
  })

  it('is asked for in one piece, as the same request, when no socket answers in time', async () => {
    const { turn, losePatience, finished, log } = start()
    losePatience()
    await finished
    expect(turn.state).toBe('answered')
    expect(log).toEqual(['stream r1', 'stream stopped', 'ask r1', 'stream stopped'])
  })

  it('is left to stream when the socket is up but the model is slow', () => {
    const { turn, losePatience, sink, log } = start()
    sink()?.connected?.()
    losePatience()
    expect(turn.state).toBe('streaming')
    expect(log).toEqual(['stream r1'])
  })

  it('is asked for in one piece when the stream breaks for good', async () => {
    const { sink, finished, log } = start()
    sink()?.error?.(new Error('refused'))
    expect((await finished).state).toBe('answered')
    expect(log).toContain('ask r1')
  })
})
