import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiClient } from './client.ts'
import { requests, uploadOnce, type Outcome } from './requests.ts'

/** People at work: files come in, things are looked up, questions are asked, one after the other. */
export interface Load {
  /** What was asked and came to something else than an answer. */
  failures: Outcome[]
  /** The ids of the documents whose bytes were taken. */
  accepted: string[]
  /** Resolves when everything has been asked that many times more. */
  rounds(count: number): Promise<void>
  /** Ends it, when everything that was to be sent has been taken. */
  stop(): Promise<void>
}

const pauseMs = 250

/** What people ask again and again. */
const asked = [requests.ask, requests.search, requests.graph, requests.lists]
const isAnswer = (outcome: Outcome): boolean => ['answered', 'GENERATIVE', 'EXTRACTIVE'].includes(outcome)

/** Begins. Each round sends a letter of its own, and the first one `file` too; what is not taken is sent again. */
export function startLoad(
  client: ApiClient,
  { url, name, file }: { url: string; name: string; file: Uint8Array },
): Load {
  const failures: Outcome[] = []
  const accepted: string[] = []
  const sending: Promise<void>[] = []
  let done = 0
  let going = true

  async function send(filename: string, bytes: Uint8Array): Promise<void> {
    for (let link: string | null = null; ; await sleep(pauseMs)) {
      const sent = await uploadOnce(client, { url, filename, bytes, link })
      if (sent.documentId) return void accepted.push(sent.documentId)
      failures.push(sent.outcome)
      link = sent.link
    }
  }

  async function work(): Promise<void> {
    sending.push(send(`${name}.pdf`, file))
    for (; going; done++, await sleep(pauseMs)) {
      sending.push(send(`${name}-${done}.txt`, Buffer.from(letter(`${name} ${done}`))))
      for (const request of asked) failures.push(...[await request(client)].filter((outcome) => !isAnswer(outcome)))
    }
  }

  const working = work()
  return {
    failures,
    accepted,
    async rounds(count) {
      const goal = done + count
      while (done < goal) await Promise.race([working, sleep(pauseMs)])
    },
    async stop() {
      going = false
      await working
      await Promise.all(sending)
    },
  }
}

/** One passage, with what makes an entity. */
export function letter(name: string): string {
  return `Lettre ${name} du navire Kerguelen. Le transporteur est Fret Atlantique, 44000 Nantes, SIREN 732 829 320, quai@fret-atlantique.fr.`
}
