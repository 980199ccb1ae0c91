import { setTimeout as sleep } from 'node:timers/promises'
import { publish } from '@passerelle/platform/facts'
import type { Job } from '@passerelle/platform/jobs'
import { createReceipt, type ErasureRequest, type Holding } from '@passerelle/platform/privacy'
import { Refusal } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { markApplied } from './erasure-applied.store.ts'
import { eraseOrganization } from './erasure-organization.ts'
import type { ErasureOrder } from './erasure.queue.ts'
import { requireAnotherOwner } from './erasure.policy.ts'
import { findEverywhere } from './personal-data-find.ts'
import { stopExports, tell } from './personal-data-steps.ts'
import {
  findRequest,
  holdRequest,
  updateRequest,
  type PrivacyRequest,
  type Progress,
} from './personal-data-request.store.ts'

/** How long what follows by facts and jobs (the graph, passages that are made anew) is waited for before the job comes back later, in milliseconds. */
const patienceMs = 120_000

/** Not all is gone yet; the job comes back. */
export class StillThere extends Error {
  constructor(holdings: readonly Holding[]) {
    super(`Still there: ${holdings.map(({ store, ids }) => `${store} (${ids.length})`).join(', ')}.`)
    this.name = 'StillThere'
  }
}

/** Does what was asked for, from where an interrupted try left it, and signs a receipt. */
export async function carryOutErasure(
  platform: Platform,
  { organizationId, data, signal }: Pick<Job<ErasureOrder>, 'organizationId' | 'data' | 'signal'>,
): Promise<void> {
  const keys = await platform.sealing.keysOf(organizationId)
  const request = await platform.sql.withOrganization({ organizationId }, (tx) => findRequest(tx, keys, data.requestId))
  // The request of an organisation goes with it; a job that was killed behind that still has the rest to do.
  if (!request || request.kind === 'ORGANIZATION_ERASURE')
    return eraseOrganization(platform, { organizationId, data, signal })
  if (request.state === 'RUNNING') await erasePerson(platform, request, signal)
}

async function erasePerson(platform: Platform, request: PrivacyRequest, signal: AbortSignal): Promise<void> {
  const { organizationId, id, subject } = request
  if (!subject || !request.choice) throw new Error(`The request ${id} does not say what to erase.`)
  if (!request.progress.found && !(await isStillErasable(platform, request))) return
  const wanted: ErasureRequest = { organizationId, subject, choice: request.choice, signal }
  const found = request.progress.found ?? (await findEverywhere(platform, wanted))
  await saveProgress(platform, request, { ...request.progress, found })
  await platform.erasures.add({ id, organizationId, kind: 'PERSON', subject, choice: request.choice, at: new Date() })
  await eraseEverywhere(platform, wanted, {
    done: request.progress.done,
    save: (done) => saveProgress(platform, request, { found, done }),
  })
  await platform.graph.compact()
  await platform.vectors.compact(organizationId)
  await markApplied(platform, id)
  await finish(platform, request, found)
}

/** Between the decision and its turn the other owners may have gone: then it ends as rejected, before anything is erased. */
async function isStillErasable({ sql, sealing, log }: Platform, request: PrivacyRequest): Promise<boolean> {
  const { organizationId, id, subject } = request
  const keys = await sealing.keysOf(organizationId)
  return sql.withOrganization({ organizationId }, async (tx) => {
    try {
      if (subject) await requireAnotherOwner(tx, subject)
      return true
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      log.warn({ erasure: id, organizationId, reason: error.message }, 'what was approved cannot be erased')
      const held = await holdRequest(tx, keys, id)
      if (held?.state !== 'RUNNING') return false
      const rejected: PrivacyRequest = { ...held, state: 'REJECTED', subject: null, finishedAt: new Date() }
      await updateRequest(tx, keys, rejected)
      tell(tx, 'rejected', rejected)
      return false
    }
  })
}

/**
 * Has every room do its part, and waits until none has anything left but what must be kept. Throws StillThere when that takes too long: what was done stays
 * done, and it may be called again.
 */
export async function eraseEverywhere(
  platform: Platform,
  wanted: ErasureRequest,
  { done, save }: { done: readonly string[]; save: (done: string[]) => Promise<void> },
): Promise<void> {
  const finished = new Set(done)
  for (const [name, room] of platform.personalData) {
    if (finished.has(name)) continue
    await room.erase(platform, wanted)
    finished.add(name)
    await save([...finished])
  }
  for (const start = Date.now(); ; await sleep(250, undefined, { signal: wanted.signal })) {
    const left = (await findEverywhere(platform, wanted)).filter(({ kept }) => !kept)
    if (left.length === 0) return endLateExports(platform, wanted)
    if (Date.now() - start < patienceMs) continue
    // Something was written while it was erased: every room looks again.
    await save([])
    throw new StillThere(left)
  }
}

/** One that was asked for while rooms still had the person has read of them. */
function endLateExports({ sql }: Platform, { organizationId }: ErasureRequest): Promise<void> {
  return sql.withOrganization({ organizationId }, stopExports)
}

function saveProgress({ sql, sealing }: Platform, request: PrivacyRequest, progress: Progress): Promise<void> {
  const { organizationId, id } = request
  return sealing.keysOf(organizationId).then((keys) =>
    sql.withOrganization({ organizationId }, async (tx) => {
      const held = await holdRequest(tx, keys, id)
      if (held) await updateRequest(tx, keys, { ...held, progress })
    }),
  )
}

async function finish(platform: Platform, request: PrivacyRequest, found: readonly Holding[]): Promise<void> {
  const { organizationId, id } = request
  const signer = await platform.sealing.signer()
  const keys = await platform.sealing.keysOf(organizationId)
  const finishedAt = new Date()
  const receipt = createReceipt(signer, {
    ...request,
    kind: 'PERSON',
    requestedAt: request.createdAt,
    finishedAt,
    stores: found,
  })
  await platform.sql.withOrganization({ organizationId }, async (tx) => {
    const held = await holdRequest(tx, keys, id)
    if (held?.state !== 'RUNNING') return
    const over: PrivacyRequest = {
      ...held,
      state: 'DONE',
      subject: null,
      progress: { done: [] },
      receipt,
      finishedAt,
    }
    await updateRequest(tx, keys, over)
    publish(tx, { type: 'person.erased', payload: { id } })
    tell(tx, 'finished', over)
  })
}
