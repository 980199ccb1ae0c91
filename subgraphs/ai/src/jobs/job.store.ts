import { sql, type RawBuilder, type Selectable } from 'kysely'
import { cursorParts, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import type { ModelCall } from '@passerelle/platform/models'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { listRows, type List } from '@passerelle/platform/sql/list'
import { z } from 'zod'
import { callsSeenBy, isJobId, type Job, type JobDetails, type JobFilter } from './job.ts'
import type { Tables } from '../tables.ts'

type Row = Selectable<Tables['ai.job']>

/**
 * Keeps the record of a model call, once, with what it cost by the price of now. What was said comes from the caller; the measures may come
 * again by fact.
 */
export async function saveJob(tx: Tx, call: ModelCall, details: Partial<JobDetails> = {}): Promise<void> {
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
      cost_micros: costOf(call),
      temperature: details.temperature ?? null,
      context: details.context ? JSON.stringify(details.context) : null,
      replay_of: details.replayOf ?? null,
    })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({
        input: sql`coalesce(excluded.input, ai.job.input)`,
        output: sql`coalesce(excluded.output, ai.job.output)`,
        temperature: sql`coalesce(excluded.temperature, ai.job.temperature)`,
        context: sql`coalesce(excluded.context, ai.job.context)`,
        replay_of: sql`coalesce(excluded.replay_of, ai.job.replay_of)`,
      }),
    )
    .execute()
}

function costOf({ model, inputTokens, outputTokens }: ModelCall): RawBuilder<number> {
  return sql`coalesce((
    select round((${inputTokens ?? 0}::numeric * input_micros + ${outputTokens ?? 0}::numeric * output_micros) / 1000000)
    from ai.model_price where model = ${model}), 0)::bigint`
}

/** The calls under these ids that the viewer may see. */
export async function loadJobs(tx: Tx, viewer: Viewer, ids: readonly string[]): Promise<Map<string, Job>> {
  const wanted = ids.filter(isJobId)
  if (wanted.length === 0) return new Map()
  const { rows } = await sql<Row>`
    select * from ai.job where id = any(${wanted}) and ${seenBy(viewer)}`.execute(tx)
  return new Map(rows.map((row) => [row.id, toJob(row)]))
}

/** What the calls of a list come to; of one model, or of all together. */
export interface JobSums {
  count: number
  inputTokens: number
  outputTokens: number
  costMicros: number
}

export type ModelSums = JobSums & { model: string }

/** Calls, the newest first, and what they come to by model, the dearest first. */
export async function listJobs(
  database: Sql,
  viewer: Viewer,
  { filter, page }: { filter: JobFilter; page: PageRequest },
): Promise<Page<Job> & { sums: () => Promise<ModelSums[]> }> {
  const where = sql<boolean>`${seenBy(viewer)} and ${matching(filter)}`
  const list: List<Row, Job> = {
    from: sql.table('ai.job'),
    where,
    order: ['started_at', 'id'],
    descending: true,
    cursor: z.tuple([cursorParts.moment, cursorParts.id('job')]),
    toNode: toJob,
  }
  const sums = () =>
    database.withOrganization(viewer, async (tx) => {
      const { rows } = await sql<ModelSums>`
        select model, count(*) as count, coalesce(sum(input_tokens), 0)::bigint as "inputTokens",
          coalesce(sum(output_tokens), 0)::bigint as "outputTokens", sum(cost_micros)::bigint as "costMicros"
        from ai.job where ${where} group by model order by "costMicros" desc, count desc, model`.execute(tx)
      return rows
    })
  return { ...(await listRows({ database, viewer }, list, page)), sums }
}

/** Tasks and models that the viewer's calls have, for a filter to offer. */
export async function listJobWords(tx: Tx, viewer: Viewer): Promise<{ tasks: string[]; models: string[] }> {
  const { rows } = await sql<{ tasks: string[] | null; models: string[] | null }>`
    select array_agg(distinct task order by task) as tasks, array_agg(distinct model order by model) as models
    from ai.job where ${seenBy(viewer)}`.execute(tx)
  return { tasks: rows[0]?.tasks ?? [], models: rows[0]?.models ?? [] }
}

/** Removes an organisation's calls from before; tells how many. */
export async function deleteJobsBefore(tx: Tx, before: Date): Promise<number> {
  const { numDeletedRows } = await tx
    .withTables<Tables>()
    .deleteFrom('ai.job')
    .where('started_at', '<', before)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

function seenBy(viewer: Viewer): RawBuilder<boolean> {
  const seen = callsSeenBy(viewer)
  return seen.all ? sql`true` : sql`user_id = ${seen.userId}`
}

function matching({ task, model, outcome, kind, userId, from, to, text }: JobFilter): RawBuilder<boolean> {
  const parts: RawBuilder<boolean>[] = [sql`true`]
  for (const [column, value] of Object.entries({ task, model, outcome, kind, user_id: userId }))
    if (value) parts.push(sql`${sql.ref(column)} = ${value}`)
  if (from) parts.push(sql`started_at >= ${from}`)
  if (to) parts.push(sql`started_at < ${to}`)
  if (text) {
    // Messages are kept as JSON, where some signs are written otherwise.
    const written = JSON.stringify(text).slice(1, -1)
    parts.push(sql`(strpos(lower(input), lower(${written})) > 0 or strpos(lower(output), lower(${text})) > 0)`)
  }
  return sql`${sql.join(parts, sql` and `)}`
}

function toJob(row: Row): Job {
  return {
    id: row.id,
    organizationId: row.organization_id,
    userId: row.user_id,
    task: row.task,
    kind: row.kind,
    provider: row.provider,
    model: row.model,
    digest: row.digest,
    prompt: row.prompt,
    input: row.input,
    output: row.output,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    waitedMs: row.waited_ms,
    durationMs: row.duration_ms,
    outcome: row.outcome,
    error: row.error,
    startedAt: row.started_at,
    costMicros: row.cost_micros,
    temperature: row.temperature,
    context: row.context ?? [],
    replayOf: row.replay_of,
  }
}
