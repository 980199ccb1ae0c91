import { installation } from '@passerelle/platform/sealing'
import type { Platform, Work } from '@passerelle/platform/subgraph'
import { carryOutErasure } from './erasure.ts'
import { createErasureConsumer } from './erasure.consumer.ts'
import { erasureQueue } from './erasure.queue.ts'
import { carryOutExport } from './personal-data-export.ts'
import { endAbandoned } from './personal-data-export.failure.ts'
import { exportQueue } from './personal-data-export.queue.ts'
import { beginErasure } from './personal-data-steps.ts'
import { findRequest, holdRequest, updateRequest } from './personal-data-request.store.ts'
import { applyRetention, askForRetention, retentionQueue } from './retention.ts'

export const personalDataQueues = [erasureQueue, exportQueue, retentionQueue]

const roundMs = 30_000

/** Does the jobs of this noun, and now and then looks for what is due: erasures whose time has come, archives whose time is over, rules. */
export async function workPersonalData(platform: Platform): Promise<Work> {
  platform.facts.consume(createErasureConsumer(platform))
  await platform.jobs.work(erasureQueue, (job) => carryOutErasure(platform, job))
  await platform.jobs.work(exportQueue, (job) => carryOutExport(platform, job))
  await platform.jobs.work(retentionQueue, (job) => applyRetention(platform, job))
  const look = (): Promise<void> =>
    lookAfter(platform).catch((error: unknown) =>
      platform.log.warn({ err: error }, 'what is due of personal data is put off'),
    )
  let round = look()
  const timer = setInterval(() => (round = round.then(look)), roundMs).unref()
  return {
    async stop() {
      clearInterval(timer)
      await round
    },
  }
}

/** What is done by the state that a request is in. */
const steps = { SCHEDULED: begin, RUNNING: giveUp, OVER: expire }

/** One look. What fails is put off to the next one, and nothing else with it. */
export async function lookAfter(platform: Platform): Promise<void> {
  const due = await platform.sql.query<{ organization_id: string; id: string; state: string }>(
    'select * from tenancy.due_privacy_requests()',
  )
  for (const { organization_id: organizationId, id, state } of due)
    if (organizationId !== installation)
      await steps[state === 'SCHEDULED' || state === 'RUNNING' ? state : 'OVER'](platform, organizationId, id).catch(
        (error: unknown) =>
          platform.log.warn({ err: error, organizationId, request: id }, 'a request about personal data is put off'),
      )
  await askForRetention(platform)
}

async function begin(platform: Platform, organizationId: string, id: string): Promise<void> {
  const keys = await platform.sealing.keysOf(organizationId)
  await platform.sql.withOrganization({ organizationId }, (tx) =>
    beginErasure(tx, platform, { id, keys, approvedBy: null }),
  )
}

async function giveUp(platform: Platform, organizationId: string, id: string): Promise<void> {
  const keys = await platform.sealing.keysOf(organizationId)
  const request = await platform.sql.withOrganization({ organizationId }, (tx) => findRequest(tx, keys, id))
  if (request) await endAbandoned(platform, { request, keys })
}

async function expire(platform: Platform, organizationId: string, id: string): Promise<void> {
  const keys = await platform.sealing.keysOf(organizationId)
  const scope = { organizationId }
  const hash = await platform.sql.withOrganization(scope, async (tx) => {
    const request = await holdRequest(tx, keys, id)
    return request?.file && request.state !== 'RUNNING' ? request.file.hash : null
  })
  if (hash === null) return
  // The file first: what is forgotten before it is removed is never removed.
  await platform.blobs.remove(organizationId, hash)
  // An export that has been ended may be about to put it there.
  if ((await platform.jobs.unfinished(exportQueue, { organizationId, data: { requestId: id } })) > 0) return
  await platform.sql.withOrganization(scope, async (tx) => {
    const request = await holdRequest(tx, keys, id)
    if (request?.file?.hash === hash) await updateRequest(tx, keys, { ...request, file: null, state: 'EXPIRED' })
  })
}
