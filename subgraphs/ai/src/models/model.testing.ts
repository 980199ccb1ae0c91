import { publishModelCall } from '@passerelle/platform/models/facts'
import { openModels } from '@passerelle/platform/models/router'
import { openOllamaServer, type OllamaServer } from '@passerelle/platform/models/testing'
import { createModelMeter } from '@passerelle/platform/usage/models'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import type { Viewer } from '@passerelle/platform/schema'
import { afterEach, beforeEach, vi } from 'vitest'
import { deliveryNote, houseRules, invoice } from '../ask/papers.testing.ts'
import { useStage, type Stage } from '../stage.testing.ts'

/** A stage with a server of models, and a person with three papers, new for each test. */
export interface ModelStage extends Stage {
  server: OllamaServer
  viewer: Viewer
  /** The invoice's document id. */
  invoiceId: string
  /** What the model was asked, call by call. */
  prompts(): { role: string; content: string }[][]
  /** The person's organisation's recorded calls, in order. */
  jobs(): Promise<JobRow[]>
}

export interface JobRow {
  task: string
  model: string
  prompt: string | null
  input: string | null
  output: string | null
  outcome: string
  user_id: string | null
}

export const question = 'Quel est le total TTC de la facture FA-2025-0417 ?'
/** What the model writes unless a test tells it otherwise, with marks behind each sentence. */
export const written = ['Le total TTC est de 648,00 €.', 'Il est à régler avant le 5 mars 2025.']

export function useModelStage(): ModelStage {
  const stage = useStage(async ({ coordination, sql, log }) => {
    own.server = await openOllamaServer()
    const models = await openModels({
      coordination,
      ollamaUrl: own.server.url,
      capacityMiB: 6_000,
      meter: createModelMeter({ sql, coordination, capacityMiB: 6_000, log }),
      onCall: (call) => publishModelCall(sql, call),
      log,
      checkEveryMs: 50,
      timeouts: { firstToken: 3_000, idle: 3_000, embed: 3_000, connect: 3_000 },
    })
    const close = () => models.close().then(() => own.server.close())
    return { models: { ...models, close } }
  })
  const own: ModelStage = Object.assign(stage, {
    server: {} as OllamaServer,
    viewer: {} as Viewer,
    invoiceId: '',
    prompts: () =>
      own.server.requests
        .filter(({ path }) => path === '/api/chat')
        .map(({ body }) => body.messages as { role: string; content: string }[]),
    jobs: () =>
      own.platform.sql.withOrganization(own.viewer, (tx) =>
        tx
          .withTables<{ 'ai.job': JobRow & { started_at: Date } }>()
          .selectFrom('ai.job')
          .selectAll()
          .orderBy('started_at')
          .execute(),
      ),
  })
  beforeEach(() => begin(own))
  afterEach(() => settle(own))
  return own
}

function begin(stage: ModelStage): void {
  const { library, server } = stage
  stage.viewer = createTestViewer()
  const { organizationId } = stage.viewer
  stage.invoiceId = library.add(organizationId, { title: 'Facture Kerouac', pages: [invoice] })
  library.add(organizationId, { title: "Livret d'accueil", pages: [houseRules] })
  library.add(organizationId, { title: 'Bon de livraison', pages: [deliveryNote] })
  server.requests.length = 0
  server.abandoned = 0
  server.answer = (messages) => {
    const number = /number="(\d+)" title="Facture Kerouac"/.exec(messages.at(-1)?.content ?? '')?.[1] ?? '1'
    return written.map((sentence) => sentence.replace('.', ` [${number}].`)).join(' ')
  }
}

/** Waits until nothing of the test runs any more. */
async function settle({ server, platform }: ModelStage): Promise<void> {
  server.faults.length = 0
  const idle = async () => {
    const { used, waiting } = await platform.models.queue.state()
    if (used > 0 || waiting > 0) throw new Error('The queue is not empty.')
  }
  await vi.waitFor(idle, { timeout: 10_000 })
}
