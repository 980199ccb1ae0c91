import { shallowReactive } from 'vue'
import { isRefusal, type RefusalParts } from '@/api/refusal'
import type { LiveSink } from '@/api/socket'
import type { AnswerPartsFragment, AskInput } from '@/gql/graphql'

type Final = ({ __typename: 'Answer' } & AnswerPartsFragment) | RefusalParts
export type AnswerEvent =
  | { __typename: 'AnswerToken'; text: string }
  | { __typename: 'AnswerPlace'; place: number }
  | Final

export interface Turn {
  key: string
  question: string
  state: 'streaming' | 'answered' | 'refused' | 'stopped'
  /** What has been written so far; the whole answer once it is there. */
  text: string
  /** While it waits for a model: its place in the queue, from 1. */
  place?: number
  answer?: AnswerPartsFragment
  refusal?: RefusalParts
}

export interface AnswerStreamOptions {
  /** Streams an answer; gives the way to stop listening. */
  stream: (input: AskInput, sink: LiveSink<AnswerEvent>) => () => void
  /** Asks for the answer in one piece; with the same `requestId` it joins the one that streams. */
  ask: (input: AskInput) => Promise<Final>
  /** Calls back before the next paint; gives the way to call it off. */
  nextFrame: (paint: () => void) => void
  /** Calls back when the stream has had time to connect. */
  afterPatience: (act: () => void) => () => void
}

/**
 * Follows one answer while it is written. When the socket falls and comes back the server repeats the answer from its start, so what
 * was written is dropped; when no socket can be had the answer is asked for in one piece. `requestId` is required: it is what
 * makes all these the same answer.
 */
export function followAnswer(
  input: AskInput & { requestId: string },
  { stream, ask, nextFrame, afterPatience }: AnswerStreamOptions,
) {
  const turn = shallowReactive<Turn>({ key: input.requestId, question: input.question, state: 'streaming', text: '' })
  let written = ''
  let painting = false
  let heard = false
  let stopStream = () => {}
  let stopWaiting = () => {}
  let stop = () => {}

  const finished = new Promise<Turn>((resolve) => {
    function end(change: Partial<Turn>): void {
      if (turn.state !== 'streaming') return
      stopWaiting()
      stopStream()
      Object.assign(turn, change)
      resolve(turn)
    }

    function conclude(final: Final): void {
      if (isRefusal(final)) end({ state: 'refused', refusal: final })
      else end({ state: 'answered', answer: final as AnswerPartsFragment, text: (final as AnswerPartsFragment).text })
    }

    function write(text: string): void {
      written += text
      if (painting) return
      painting = true
      nextFrame(() => {
        painting = false
        if (turn.state === 'streaming') turn.text = written
      })
    }

    async function askInOnePiece(): Promise<void> {
      if (turn.state !== 'streaming') return
      stopStream()
      conclude(await ask(input))
    }

    stopWaiting = afterPatience(() => void (heard || askInOnePiece()))
    stopStream = stream(input, {
      connected: () => {
        heard = true
        written = ''
      },
      next: (event) => {
        heard = true
        if (event.__typename === 'AnswerToken') write((event as { text: string }).text)
        else if (event.__typename === 'AnswerPlace') turn.place = (event as { place: number }).place
        else conclude(event as Final)
      },
      error: () => void askInOnePiece(),
      complete: () => void askInOnePiece(),
    })
    stop = () => end({ state: 'stopped', text: written })
  })

  return { turn, finished, stop: () => stop() }
}
