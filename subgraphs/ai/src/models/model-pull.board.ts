import type { Coordination, LeaseRequest, Semaphore } from '@passerelle/platform/coordination'
import { z } from 'zod'

const pullShape = z.object({
  id: z.string(),
  /** With its tag. */
  model: z.string(),
  state: z.enum(['WAITING', 'PULLING', 'DONE', 'FAILED', 'CANCELLED']),
  /** What the server is doing, in its words. */
  status: z.string().nullable(),
  completedBytes: z.number(),
  totalBytes: z.number().nullable(),
  error: z.string().nullable(),
  startedAt: z.coerce.date(),
  endedAt: z.coerce.date().nullable(),
})

/** A model on its way to the installation. */
export type Pull = z.output<typeof pullShape>

export const isActive = ({ state }: Pull): boolean => state === 'WAITING' || state === 'PULLING'

/** Models belong to the installation, not to an organisation: this stands where an organisation's id would, and no id is spelled so. */
const installation = 'installation'
const channel = 'model-pulls'
const index = 'model-pulls'
const keyOf = (id: string) => `model-pull:${id}`
const dayLong = 86_400
const mostKept = 50
/** Why a pull failed whose process is gone. */
export const interrupted = 'The process that brought it has ended.'
/** A pull may be on the board before it has entered the queue, milliseconds. */
const entering = 10_000

/** Where every process writes how its pulls stand, and reads how the others' do. */
export function createPullBoard(coordination: Coordination, turns: Semaphore) {
  const { memory } = coordination

  async function find(id: string): Promise<Pull | null> {
    const kept = await memory.get(installation, keyOf(id))
    return kept === null ? null : pullShape.parse(JSON.parse(kept))
  }

  return {
    /** How a pull stands in the queue; its id is the task, by which it is found there. */
    requestOf: ({ id, model }: Pull): LeaseRequest => ({
      organizationId: installation,
      task: id,
      model,
      weight: 1,
      priority: 'batch',
    }),
    async write(pull: Pull): Promise<void> {
      const isNew = (await memory.get(installation, keyOf(pull.id))) === null
      await memory.set(installation, keyOf(pull.id), JSON.stringify(pull), dayLong)
      const entry = { value: pull.id, size: 1 }
      if (isNew)
        await memory.append(installation, index, entry, {
          maxEntries: mostKept,
          maxSize: mostKept,
          ttlSeconds: dayLong,
        })
      await coordination.publish(channel, pull.id)
    },
    /** Those of the last day, the newest first. One whose process is gone has failed. */
    async list(): Promise<Pull[]> {
      const { values } = await memory.list(installation, index)
      const found = (await Promise.all(values.toReversed().map(find))).filter((pull) => pull !== null)
      const { running, waitingCalls } = await turns.state()
      const alive = new Set([...running, ...waitingCalls].map(({ task }) => task))
      return found.map((pull) => {
        const gone = isActive(pull) && !alive.has(pull.id) && Date.now() - pull.startedAt.getTime() > entering
        return gone ? { ...pull, state: 'FAILED', error: interrupted } : pull
      })
    },
    async cancel({ id }: Pull): Promise<void> {
      const { running, waitingCalls } = await turns.state()
      const call = [...running, ...waitingCalls].find(({ task }) => task === id)
      if (call) await turns.cancel(call.id, installation)
    },
    watch: (onChange: (pull: Pull) => void) =>
      coordination.subscribe(channel, (id) => {
        // What cannot be read now is told with its next change.
        find(id).then(
          (pull) => pull && onChange(pull),
          () => undefined,
        )
      }),
  }
}
