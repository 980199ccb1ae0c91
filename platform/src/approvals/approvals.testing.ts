import { afterAll, beforeAll, expect } from 'vitest'
import { z } from 'zod'
import type { Viewer } from '../schema/viewer.ts'
import type { Work } from '../subgraph/subgraph.ts'
import { createTestViewer, openTestPlatform, type TestPlatform } from '../subgraph/testing.ts'
import type { Approval } from './approval.ts'
import { findApproval } from './approval.store.ts'
import { propose, type ApprovalKind, type Proposal } from './approvals.ts'
import { approvalQueue, workApprovals } from './carry-out.ts'

export type Note = { word: string }

/** What the notes of a file of tests have come to: which were kept, and what the next one meets. */
export const notes: { kept: Map<string, string[]>; failing: (() => Error) | null } = { kept: new Map(), failing: null }

/** Keeps what it is told to, once in the approval's own transaction. */
export const noting: ApprovalKind<Note> = {
  kind: 'NOTE',
  requiredScope: 'record:write',
  fourEyes: false,
  lifetimeHours: 24,
  payload: z.object({ word: z.string().min(1, 'A word is needed.') }),
  describe: (_platform, _viewer, { word }) => Promise.resolve({ fr: `Noter ${word}`, en: `Note ${word}` }),
  async carryOut({ sql }, viewer, approval) {
    if (notes.failing) throw notes.failing()
    await sql.withOrganization(viewer, (tx) => approval.settle(tx, { word: approval.payload.word }))
    notes.kept.set(approval.id, [...(notes.kept.get(approval.id) ?? []), approval.payload.word])
  },
}

/** Somebody else of the same organisation. */
export function colleagueOf({ organizationId }: Viewer): Viewer {
  return createTestViewer({ organizationId })
}

/** A house with these kinds, and what tests do with it. */
export interface TestApprovals {
  readonly platform: TestPlatform
  /** From now on what is approved is carried out. */
  work(): Promise<void>
  propose(viewer: Viewer, more?: Partial<Proposal<Note>>): Promise<Approval>
  current(viewer: Viewer, id: string): Promise<Approval | null>
  become(viewer: Viewer, id: string, status: Approval['status']): Promise<Approval>
  /** Makes its time be over. */
  overdue(id: string): Promise<void>
  /** What stands in the audit log of it. */
  actions(viewer: Viewer, id: string): Promise<string[]>
}

/** Opens the house before the first test of a file, and closes it after the last. */
export function useApprovals(kinds: readonly ApprovalKind[]): TestApprovals {
  let open: TestPlatform | undefined
  let work: Work | undefined
  const requireOpen = (): TestPlatform => {
    if (!open) throw new Error('The house is open while tests run.')
    return open
  }
  const current = (viewer: Viewer, id: string): Promise<Approval | null> =>
    requireOpen().sql.withOrganization(viewer, (tx) => findApproval(tx, id))
  beforeAll(async () => {
    open = await openTestPlatform({ queues: [approvalQueue], approvalKinds: kinds })
  })
  afterAll(async () => {
    await work?.stop()
    await open?.close()
  })
  return {
    get platform() {
      return requireOpen()
    },
    async work() {
      work = await workApprovals(requireOpen())
    },
    propose: (viewer, more = {}) =>
      requireOpen().sql.withOrganization(viewer, (tx) =>
        propose(tx, { kind: noting, payload: { word: 'un' }, preview: { fr: 'Noter', en: 'Note' }, ...more }),
      ),
    current,
    async become(viewer, id, status) {
      await expect.poll(async () => (await current(viewer, id))?.status, { timeout: 60_000 }).toBe(status)
      const found = await current(viewer, id)
      if (!found) throw new Error('It is gone.')
      return found
    },
    async overdue(id) {
      await requireOpen().database.asOwner('update platform.approval set expires_at = now() where id = $1', [id])
    },
    async actions({ organizationId }, id) {
      const rows = await requireOpen().database.asOwner<{ action: string }>(
        'select action from platform.audit_entry where organization_id = $1 and subject_id = $2 order by position',
        [organizationId, id],
      )
      return rows.map(({ action }) => action)
    },
  }
}
