import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiClient } from './client.ts'

/** A step of a document, as a subscriber hears of it. */
export interface Step {
  id: string
  cursor: string
  document: { status: { stage: string } } | null
}

/** A subscriber as a good client is one: after a lost connection it connects again and continues behind the last step that it knows. */
export interface Follower {
  steps: Step[]
  /** What it was told instead of a step. */
  failures: string[]
  stop(): Promise<void>
}

/** Follows the documents of an organisation, from now on or after a cursor. */
export function follow(client: ApiClient, after: string | null = null): Follower {
  const steps: Step[] = []
  const failures: string[] = []
  const ending = new AbortController()

  async function listen(): Promise<void> {
    const socket = client.socket()
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    const query = `subscription ($after: String) { documentsChanged(after: $after) { id cursor document { status { stage } } } }`
    const leave = socket.subscribe<{ documentsChanged: Step }>(
      { query, variables: { after: steps.at(-1)?.cursor ?? after } },
      {
        next({ data, errors }) {
          if (data) steps.push(data.documentsChanged)
          else failures.push(JSON.stringify(errors))
        },
        error(error) {
          if (Array.isArray(error)) failures.push(JSON.stringify(error))
          end()
        },
        complete: end,
      },
    )
    ending.signal.addEventListener('abort', leave, { once: true })
    await ended
    await socket.dispose()
  }

  const following = (async () => {
    for (; !ending.signal.aborted; await sleep(250)) await listen()
  })()
  return {
    steps,
    failures,
    async stop() {
      ending.abort()
      await following
    },
  }
}
