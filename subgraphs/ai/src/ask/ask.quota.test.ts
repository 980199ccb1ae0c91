import { rowsOf } from '@passerelle/platform/sql'
import { tellLimitsChanged } from '@passerelle/platform/usage/limits-changed'
import { readCounters, type CountedUse, type Limited } from '@passerelle/platform/usage/reading'
import { expect, test, vi } from 'vitest'
import { question, useModelStage } from '../models/model.testing.ts'
import { ask } from '../stage.testing.ts'

const stage = useModelStage()

async function limit(metric: Limited, amount: number): Promise<void> {
  const { organizationId } = stage.viewer
  await stage.platform.sql.withOrganization(stage.viewer, (tx) =>
    rowsOf(
      tx,
      `insert into platform.usage_limit (organization_id, metric, plan) values ($1, $2, $3)
       on conflict (organization_id, metric) do update set plan = excluded.plan`,
      [organizationId, metric, amount],
    ),
  )
  await tellLimitsChanged(stage.platform, organizationId)
}

const used = (): Promise<Map<string, CountedUse>> => stage.platform.sql.withOrganization(stage.viewer, readCounters)

test('what a model read, wrote and took of the card is counted, and nothing stays promised', async () => {
  await limit('tokens', 100_000)
  expect(await ask(stage, stage.viewer, { question })).toMatchObject({ mode: 'GENERATIVE' })
  const [job] = await vi.waitFor(async () => {
    const jobs = await stage.jobs()
    if (jobs.length === 0) throw new Error('The call is not recorded yet.')
    return jobs
  })
  await vi.waitFor(async () => expect((await used()).get('tokens')?.held).toBe(0))
  const counted = await used()
  const tokens = await stage.platform.sql.withOrganization(stage.viewer, (tx) =>
    rowsOf<{ tokens: number }>(
      tx,
      'select sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0))::int as tokens from ai.job',
      [],
    ),
  )
  expect(job).toMatchObject({ task: 'ask' })
  expect(counted.get('tokens')?.used).toBe(tokens[0]?.tokens)
  expect(counted.get('gpuMs')?.used).toBeGreaterThan(0)
})

test('who has used up their tokens is answered by the sources, and the model is not asked', async () => {
  await limit('tokens', 10)
  const answer = await ask(stage, stage.viewer, { question })
  expect(answer).toMatchObject({ mode: 'EXTRACTIVE', text: 'Total TTC 648,00 €', model: null })
  expect(stage.prompts()).toEqual([])
  expect((await used()).get('tokens')).toBeUndefined()
})

test('a plan that lets large models be asked once in an hour lets them be asked once', async () => {
  await limit('heavyCallsPerHour', 1)
  expect(await ask(stage, stage.viewer, { question })).toMatchObject({ mode: 'GENERATIVE' })
  expect(await ask(stage, stage.viewer, { question: `${question} ` })).toMatchObject({ mode: 'EXTRACTIVE' })
  expect(stage.prompts()).toHaveLength(1)
})
