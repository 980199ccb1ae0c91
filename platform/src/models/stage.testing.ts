import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import type { Coordination } from '../coordination/coordination.ts'
import { openSqliteCoordination } from '../coordination/sqlite.ts'
import { createLog } from '../log/log.ts'
import type { CompletionEvent, CompletionRequest, ModelCall, Models } from './models.ts'
import { openModels, type ModelsOptions } from './router.ts'
import { openOllamaServer, type OllamaServer } from './testing.ts'

export const log = createLog({ name: 'test', level: 'silent' })

/** MiB of the card under test. */
export const CAPACITY = 6_000

export interface Stage {
  coordination: Coordination
  /** Gone after the test. */
  folder: string
  server: OllamaServer
  models: Models
  /** The records told to the listener. */
  calls: ModelCall[]
  /** Closes the models and opens them with other options, or after the server's have changed. */
  reopen(options?: Partial<ModelsOptions>): Promise<void>
  sent(path: string): OllamaServer['requests']
}

/** Opens models on a server of their own for each test of the file. */
export function useStage(): Stage {
  const stage = {} as Stage
  const open = (options: Partial<ModelsOptions> = {}) =>
    openModels({
      coordination: stage.coordination,
      ollamaUrl: stage.server.url,
      capacityMiB: CAPACITY,
      onCall: (call) => void stage.calls.push(call),
      log,
      checkEveryMs: 30,
      timeouts: { firstToken: 2_000, idle: 2_000, embed: 2_000, connect: 1_000 },
      ...options,
    })
  beforeEach(async () => {
    stage.folder = await mkdtemp(join(tmpdir(), 'passerelle-models-'))
    stage.coordination = await openSqliteCoordination({ folder: stage.folder, log })
    stage.server = await openOllamaServer()
    stage.calls = []
    stage.models = await open()
  })
  afterEach(async () => {
    await stage.models.close()
    await stage.server.close()
    await stage.coordination.close()
    await rm(stage.folder, { recursive: true })
  })
  stage.sent = (path) => stage.server.requests.filter((request) => request.path === path)
  stage.reopen = async (options) => {
    await stage.models.close()
    stage.models = await open(options)
  }
  return stage
}

export const question = (rest: Partial<CompletionRequest> = {}): CompletionRequest => ({
  organizationId: 'org_a',
  userId: 'usr_a',
  task: 'ask',
  priority: 'interactive',
  prompt: 'ask@1',
  messages: [{ role: 'user', content: 'one two three four' }],
  ...rest,
})

export const query = (text: string, organizationId = 'org_a') =>
  ({ organizationId, userId: null, task: 'search', priority: 'interactive', purpose: 'query', texts: [text] }) as const

/** The whole text of an answer. */
export async function read(events: AsyncIterable<CompletionEvent>): Promise<string> {
  let text = ''
  for await (const event of events) if (event.type === 'token') text += event.text
  return text
}
