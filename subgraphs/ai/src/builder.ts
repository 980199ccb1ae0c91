import DataLoader from 'dataloader'
import { createBuilder, type Viewer } from '@passerelle/platform/schema'
import type { BaseContext, Platform, RequestInfo } from '@passerelle/platform/subgraph'
import type { Sql } from '@passerelle/platform/sql'
import { loadAnswers } from './answer.store.ts'
import type { Answer } from './answer.ts'

/** What an ai resolver has at hand. */
export interface AiContext extends BaseContext {
  platform: Platform
  answers: DataLoader<string, Answer | null>
}

export const builder = createBuilder<AiContext>()

export function createContext(platform: Platform, request: RequestInfo): AiContext {
  return { ...request, platform, answers: createAnswerLoader(platform.sql, request.viewer) }
}

/** A person's own answers; for anybody else, and for services, there are none. */
function createAnswerLoader(sql: Sql, viewer: Viewer | null): DataLoader<string, Answer | null> {
  return new DataLoader(async (ids) => {
    const userId = viewer?.userId
    if (!viewer || !userId) return ids.map(() => null)
    const found = await sql.withOrganization(viewer, (tx) => loadAnswers(tx, userId, ids))
    return ids.map((id) => found.get(id) ?? null)
  })
}
