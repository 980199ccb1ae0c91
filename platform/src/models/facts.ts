import { z } from 'zod'
import { publish, type Fact } from '../facts/facts.ts'
import type { Sql } from '../sql/sql.ts'
import { modelSeconds, modelTokens, modelWaitSeconds } from '../telemetry/telemetry.ts'
import { settleUse } from '../usage/usage.ts'
import type { ModelCall } from './models.ts'

export const modelCalledType = 'model.called'

const measures = z.object({
  id: z.string(),
  userId: z.string().nullable(),
  task: z.string(),
  kind: z.enum(['complete', 'embed', 'transcribe']),
  provider: z.string(),
  model: z.string(),
  digest: z.string().nullable(),
  prompt: z.string().nullable(),
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
  waitedMs: z.number(),
  durationMs: z.number(),
  gpuMs: z.number().default(0),
  outcome: z.enum(['done', 'failed', 'cancelled']),
  error: z.string().nullable(),
  startedAt: z.coerce.date(),
})

/** Tells the house of a model call, and counts what it used. What was asked and answered stays with the caller: facts carry no texts. */
export async function publishModelCall(sql: Sql, call: ModelCall): Promise<void> {
  measure(call)
  await sql.withOrganization(call, async (tx) => {
    publish(tx, { type: modelCalledType, payload: measures.parse(call) })
    await settleUse(tx, call.id, { tokens: (call.inputTokens ?? 0) + (call.outputTokens ?? 0), gpuMs: call.gpuMs })
  })
}

function measure({ kind, provider, outcome, waitedMs, durationMs, inputTokens, outputTokens }: ModelCall): void {
  modelWaitSeconds.observe({ kind }, waitedMs / 1000)
  modelSeconds.observe({ kind, provider, outcome }, durationMs / 1000)
  modelTokens.inc({ provider, direction: 'in' }, inputTokens ?? 0)
  modelTokens.inc({ provider, direction: 'out' }, outputTokens ?? 0)
}

/** The call a fact tells of, without its texts. */
export function toModelCall({ organizationId, payload }: Fact): ModelCall {
  return { ...measures.parse(payload), organizationId, input: null, output: null }
}
