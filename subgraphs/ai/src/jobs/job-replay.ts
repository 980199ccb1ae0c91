import { z } from 'zod'
import { EngineUnavailable, NotAllowed, NotFound, parseInput, Refusal, type Viewer } from '@passerelle/platform/schema'
import type { ModelCall } from '@passerelle/platform/models'
import type { Platform } from '@passerelle/platform/subgraph'
import { loadJobs, saveJob } from './job.store.ts'
import { messagesOf, type Job } from './job.ts'

/** Of this call no texts are kept, so there is nothing to send again: an embedding, speech, or a call of another room. */
export class NotReplayable extends Refusal {
  constructor() {
    super('NOT_REPLAYABLE', 'No texts are kept of this call, so it cannot be run again.')
  }
}

const replayInput = z.object({
  id: z.string(),
  model: z.string().trim().min(1).max(200, 'A model has at most 200 characters.').nullish(),
  temperature: z.number().min(0, 'temperature is between 0 and 2.').max(2, 'temperature is between 0 and 2.').nullish(),
  batch: z.boolean().nullish(),
})

/**
 * Sends the messages of a call once more, to its own model or to another, through the same queue as every call, and answers the record of it.
 * A try that fails is recorded too, and refused with what failed.
 */
export async function replayJob(
  platform: Platform,
  viewer: Viewer,
  request: { input: z.input<typeof replayInput>; signal: AbortSignal },
): Promise<Job> {
  const { id, model, temperature, batch } = parseInput(replayInput, request.input)
  if (!viewer.userId) throw new NotAllowed()
  const job = await findJob(platform, viewer, id)
  if (!job) throw new NotFound()
  const messages = messagesOf(job)
  if (!messages) throw new NotReplayable()
  const warmth = temperature ?? job.temperature
  const keep = (call: ModelCall): Promise<void> =>
    platform.sql.withOrganization(viewer, (tx) =>
      saveJob(tx, call, { temperature: warmth, context: job.context, replayOf: job.id }),
    )
  let made: string | null = null
  for await (const event of platform.models.complete({
    organizationId: viewer.organizationId,
    userId: viewer.userId,
    task: job.task,
    priority: batch ? 'batch' : 'interactive',
    prompt: job.prompt ?? '',
    model: model ?? job.model,
    messages,
    ...(warmth !== null && { temperature: warmth }),
    signal: request.signal,
    onCall: keep,
  }))
    if (event.type === 'end') made = event.call.id
  const replayed = made === null ? null : await findJob(platform, viewer, made)
  if (!replayed) throw new EngineUnavailable('models')
  return replayed
}

/** A call that the viewer may see. */
async function findJob({ sql }: Platform, viewer: Viewer, id: string): Promise<Job | null> {
  return sql.withOrganization(viewer, async (tx) => (await loadJobs(tx, viewer, [id])).get(id) ?? null)
}
