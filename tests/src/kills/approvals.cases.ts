import { expect, test } from 'vitest'
import { settled, type ApiClient } from '../client.ts'
import { askDatabase, countWaiters, holdRows, listBlobs } from '../inside.ts'
import type { Passerelle } from '../passerelle.ts'
import { killAt, kills, settle } from './rounds.ts'

const atOnce = 4

/** A document, and the proposal to delete it. */
interface Proposal {
  document: string
  approval: string
}

/** What people have said yes to, and is being carried out while the house is killed. */
export function approvalCases(house: Passerelle): void {
  test('whenever everything is killed, what was approved is carried out, and exactly once', async () => {
    const person = await settle(house)
    const proposals = await proposeDeletions(person.here(), kills * atOnce)
    const approved: Proposal[] = []
    await killAt(house, {
      moments: [
        // In the middle of the transaction: somebody else holds the row that is to go.
        async (going) => {
          await Promise.all(going)
          await expect.poll(() => countWaiters(house), { interval: 20, timeout: 120_000 }).toBeGreaterThan(0)
        },
        (going) => Promise.any(going),
        // Some is done, and the rest is on its way.
        async () => {
          const before = await countDone(house)
          await expect.poll(() => countDone(house), { interval: 2, timeout: 120_000 }).toBeGreaterThan(before)
        },
        (going) => Promise.all(going),
      ],
      begin(round) {
        const next = proposals.slice(round * atOnce, (round + 1) * atOnce)
        const held = round % 4 === 0 ? next.map(({ document }) => document) : []
        const ready = holdRows(house, 'select from documents.document where id = any($1) for update', [held])
        return next.map(async (proposal) => {
          await ready
          await approve(person.here(), proposal.approval)
          approved.push(proposal)
        })
      },
    })
    const waiting = () => listStatuses(house, { proposals: approved, other: 'DONE' })
    await expect.poll(waiting, { timeout: 180_000 }).toEqual([])
    for (const { approval, document } of proposals) {
      const entries = await listEntries(house, [approval, document])
      const isDone = entries.includes('approval.approved')
      expect(entries).toEqual(
        isDone
          ? ['approval.proposed', 'approval.approved', 'document.deleted', 'approval.done']
          : ['approval.proposed'],
      )
      const facts = await askDatabase(
        house,
        `select from platform.fact where type = 'document.deleted' and payload ->> 'documentId' = $1`,
        [document],
      )
      const rows = await askDatabase(house, 'select from documents.document where id = $1', [document])
      expect([facts.length, rows.length]).toEqual(isDone ? [1, 0] : [0, 1])
    }
    const left = await askDatabase(house, 'select from documents.document where organization_id = $1', [
      person.organizationId,
    ])
    await expect
      .poll(async () => (await listBlobs(house)).filter((path) => path.startsWith(person.organizationId)).length)
      .toBe(left.length)
  })
}

async function proposeDeletions(client: ApiClient, count: number): Promise<Proposal[]> {
  const proposals: Proposal[] = []
  for (let index = 0; index < count; index++) {
    const document = await client.upload(`avis-${index}.txt`, Buffer.from(`Avis de passage ${index}`))
    const { proposed } = await client.ask<{ proposed: { id: string } }>(
      `mutation ($payload: JSON!) { proposed: proposeAction(kind: "DOCUMENT_DELETION", payload: $payload) { ... on Approval { id } } }`,
      { payload: { documentId: document } },
    )
    proposals.push({ document, approval: proposed.id })
  }
  await settled(client)
  return proposals
}

async function approve(client: ApiClient, id: string): Promise<void> {
  const { decided } = await client.ask<{ decided: { status?: string } }>(
    `mutation ($id: ID!) { decided: approveAction(id: $id) { ... on Approval { status } } }`,
    { id },
  )
  expect(decided.status).toMatch(/^(APPROVED|DONE)$/)
}

async function countDone(house: Passerelle): Promise<number> {
  return (await askDatabase(house, `select from platform.approval where status = 'DONE'`)).length
}

/** Proposals that stand otherwise. */
function listStatuses(
  house: Passerelle,
  { proposals, other }: { proposals: readonly Proposal[]; other: string },
): Promise<{ status: string }[]> {
  const ids = proposals.map(({ approval }) => approval)
  return askDatabase(house, 'select status from platform.approval where id = any($1) and status <> $2', [ids, other])
}

/** What the log says of a proposal and its document, in order. */
async function listEntries(house: Passerelle, subjects: readonly string[]): Promise<string[]> {
  const entries = await askDatabase<{ action: string }>(
    house,
    'select action from platform.audit_entry where subject_id = any($1) order by position',
    [subjects],
  )
  return entries.map(({ action }) => action)
}
