import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '@passerelle/platform/ids'
import { CallCancelled } from '@passerelle/platform/coordination'
import { EngineUnavailable, NotFound, Refusal } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { createPullBoard, interrupted, isActive, type Pull } from './model-pull.board.ts'

type Engines = Pick<Platform, 'models' | 'coordination' | 'log'>

/** Models that are being brought to the installation, whoever asked for them and in whichever process. */
export interface Pulls {
  /** Begins to bring a model, or answers the pull that does already. It goes on when the caller has gone. */
  start(name: string): Promise<Pull>
  /** Ends it; what has come is kept for the next pull of the name. */
  cancel(id: string): Promise<Pull>
  /** Those of the last day, the newest first. */
  list(): Promise<Pull[]>
  /** Calls back with each pull that has changed, until the answer is called. */
  watch(onChange: (pull: Pull) => void): Promise<() => Promise<void>>
  /** Ends those of this process, which is ending; the next pull of the name goes on where they were. */
  stop(): Promise<void>
}

/** So many come at once; the others wait: they share one line and one disk. */
const AT_ONCE = 2
/** How often progress is told, milliseconds. */
const TELL_EVERY_MS = 250
/** How long a cancelled pull is waited for, milliseconds. */
const PATIENCE_MS = 2_000

const opened = new WeakMap<Engines['coordination'], Pulls>()

/** The installation's pulls; the same for everybody in a process. */
export function pullsOf(platform: Engines): Pulls {
  const known = opened.get(platform.coordination)
  if (known) return known
  const pulls = createPulls(platform)
  opened.set(platform.coordination, pulls)
  return pulls
}

function createPulls({ models, coordination, log }: Engines): Pulls {
  const turns = coordination.semaphore('model-pulls', { capacity: AT_ONCE })
  const board = createPullBoard(coordination, turns)
  /** Those of this process. */
  const running = new Map<string, Promise<void>>()
  const stopping = new AbortController()

  async function run(pull: Pull): Promise<void> {
    let now = pull
    const say = async (change: Partial<Pull>) => {
      now = { ...now, ...change }
      await board.write(now)
    }
    try {
      const turn = await turns.acquire({ ...board.requestOf(pull), signal: stopping.signal })
      try {
        await bring(pull.model, AbortSignal.any([turn.lost, stopping.signal]), say)
        await say({ state: 'DONE', endedAt: new Date() })
      } finally {
        await turn.release()
      }
    } catch (error) {
      const end = stopping.signal.aborted ? { state: 'FAILED' as const, error: interrupted } : endOf(error)
      await say({ ...end, endedAt: new Date() })
      if (!(error instanceof Refusal)) throw error
    }
  }

  async function bring(model: string, signal: AbortSignal, say: (change: Partial<Pull>) => Promise<void>) {
    let toldAt = 0
    for await (const { status, completedBytes, totalBytes } of models.library.pull(model, signal)) {
      if (Date.now() - toldAt < TELL_EVERY_MS && completedBytes !== totalBytes) continue
      toldAt = Date.now()
      await say({ state: 'PULLING', status, completedBytes, totalBytes })
    }
  }

  return {
    async start(name) {
      const model = models.library.nameOf(name)
      const known = (await board.list()).find((pull) => pull.model === model && isActive(pull))
      if (known) return known
      if (!models.servers().some((server) => server.name === 'ollama' && server.answers))
        throw new EngineUnavailable('models')
      const pull: Pull = {
        id: newId('pul'),
        model,
        state: 'WAITING',
        status: null,
        completedBytes: 0,
        totalBytes: null,
        error: null,
        startedAt: new Date(),
        endedAt: null,
      }
      await board.write(pull)
      const done = run(pull)
        .catch((error: unknown) => log.error({ err: error, model }, 'A pull could not be told to its end.'))
        .finally(() => running.delete(pull.id))
      running.set(pull.id, done)
      return pull
    },
    async cancel(id) {
      const pull = (await board.list()).find((one) => one.id === id)
      if (!pull) throw new NotFound()
      if (!isActive(pull)) return pull
      await board.cancel(pull)
      await Promise.race([running.get(id), sleep(PATIENCE_MS, undefined, { ref: false })])
      return (await board.list()).find((one) => one.id === id) ?? pull
    },
    list: board.list,
    watch: board.watch,
    async stop() {
      stopping.abort(new EngineUnavailable('models'))
      await Promise.all(running.values())
    },
  }
}

function endOf(error: unknown): Pick<Pull, 'state' | 'error'> {
  if (error instanceof CallCancelled) return { state: 'CANCELLED', error: null }
  return { state: 'FAILED', error: error instanceof Error ? error.message : String(error) }
}
