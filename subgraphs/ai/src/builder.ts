import DataLoader from 'dataloader'
import type { Approval } from '@passerelle/platform/approvals'
import { loadApprovals } from '@passerelle/platform/approvals/store'
import { createBuilder, type Viewer } from '@passerelle/platform/schema'
import type { BaseContext, Platform, RequestInfo } from '@passerelle/platform/subgraph'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { askerOf } from './asker.ts'
import { loadAnswers } from './conversations/answer.store.ts'
import type { Answer } from './conversations/answer.ts'
import { loadHandOvers } from './hand-overs/hand-over.store.ts'
import type { HandOver } from './hand-overs/hand-over.ts'
import { loadJobs } from './jobs/job.store.ts'
import type { Job } from './jobs/job.ts'

type Loader<Noun> = DataLoader<string, Noun | null>

/** What an ai resolver has at hand. */
export interface AiContext extends BaseContext {
  platform: Platform
  answers: Loader<Answer>
  jobs: Loader<Job>
  approvals: Loader<Approval>
  handOvers: Loader<HandOver>
  handOversOfAnswers: Loader<HandOver>
}

export const builder = createBuilder<AiContext>()

export function createContext(platform: Platform, request: RequestInfo): AiContext {
  const loader = createLoaders(platform.sql, request.viewer)
  return {
    ...request,
    platform,
    // A person's own answers; for anybody else, and for services, there are none.
    answers: loader((tx, viewer, ids) => loadAnswers(tx, askerOf(viewer), ids)),
    jobs: loader(loadJobs),
    approvals: loader(loadApprovals),
    handOvers: loader(async (tx, viewer, ids) => byKey(await loadHandOvers(tx, viewer, { by: 'id', ids }), 'id')),
    handOversOfAnswers: loader(async (tx, viewer, ids) =>
      byKey(await loadHandOvers(tx, viewer, { by: 'answer_id', ids }), 'answerId'),
    ),
  }
}

/** Loaders of what the viewer sees: null for the rest, and without a viewer for everything. */
function createLoaders(sql: Sql, viewer: Viewer | null) {
  return <Noun>(load: (tx: Tx, viewer: Viewer, ids: readonly string[]) => Promise<Map<string, Noun>>): Loader<Noun> =>
    new DataLoader(async (ids) => {
      if (!viewer) return ids.map(() => null)
      const found = await sql.withOrganization(viewer, (tx) => load(tx, viewer, ids))
      return ids.map((id) => found.get(id) ?? null)
    })
}

function byKey(handOvers: readonly HandOver[], key: 'id' | 'answerId'): Map<string, HandOver> {
  return new Map(handOvers.map((handOver) => [handOver[key], handOver]))
}
