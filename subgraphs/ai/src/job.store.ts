import { sql } from 'kysely'
import type { ModelCall } from '@passerelle/platform/models'
import type { Tx } from '@passerelle/platform/sql'
import type { Tables } from './tables.ts'

/** Keeps the record of a model call, once; what was said comes from the caller, the measures may come again by fact. */
export async function saveJob(tx: Tx, call: ModelCall): Promise<void> {
  await tx
    .withTables<Tables>()
    .insertInto('ai.job')
    .values({
      id: call.id,
      organization_id: call.organizationId,
      user_id: call.userId,
      task: call.task,
      kind: call.kind,
      provider: call.provider,
      model: call.model,
      digest: call.digest,
      prompt: call.prompt,
      input: call.input,
      output: call.output,
      input_tokens: call.inputTokens,
      output_tokens: call.outputTokens,
      waited_ms: Math.round(call.waitedMs),
      duration_ms: Math.round(call.durationMs),
      outcome: call.outcome,
      error: call.error,
      started_at: call.startedAt,
    })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({
        input: sql`coalesce(excluded.input, ai.job.input)`,
        output: sql`coalesce(excluded.output, ai.job.output)`,
      }),
    )
    .execute()
}
