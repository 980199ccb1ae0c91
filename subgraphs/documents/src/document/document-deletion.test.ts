import { expect, test } from 'vitest'
import { newId } from '@passerelle/platform/ids'
import { createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
import type { Viewer } from '@passerelle/platform/schema'
import { documentDeletion } from './document-deletion.ts'
import { createDocument } from './document.ts'
import { documents } from '../index.ts'

const house = useSubgraph(documents)

function announce(viewer: Viewer) {
  return createDocument(house.platform, viewer, { filename: 'facture.pdf', size: 10 })
}

function approved(viewer: Viewer, documentId: string) {
  const settled: unknown[] = []
  const work = documentDeletion.carryOut(house.platform, viewer, {
    id: newId('apr'),
    payload: { documentId },
    author: 'PERSON',
    proposerId: viewer.userId,
    deciderId: viewer.userId,
    signal: new AbortController().signal,
    settle: async (_tx, result) => void settled.push(result),
  })
  return { work, settled }
}

test('says in words which document would go, to whoever may read it and to nobody else', async () => {
  const viewer = createTestViewer()
  const { id } = await announce(viewer)
  const describe = (by: Viewer) => documentDeletion.describe?.(house.platform, by, { documentId: id })
  expect(await describe(viewer)).toMatchObject({ fr: expect.stringContaining('«\u00a0facture\u00a0» (facture.pdf)') })
  await expect(describe(createTestViewer())).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(describe({ ...viewer, scopes: ['approval:propose'] })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('deletes it with the transaction that marks it as done, and writes down who did', async () => {
  const viewer = createTestViewer()
  const { id } = await announce(viewer)
  const first = approved(viewer, id)
  await first.work
  expect(first.settled).toEqual([{ documentId: id }])
  await expect(approved(viewer, id).work).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(
    await house.platform.database.asOwner(
      'select action, user_id from platform.audit_entry where organization_id = $1 and subject_id = $2',
      [viewer.organizationId, id],
    ),
  ).toEqual([{ action: 'document.deleted', user_id: viewer.userId }])
})
