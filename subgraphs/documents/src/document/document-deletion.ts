import type { ApprovalKind } from '@passerelle/platform/approvals'
import { NotFound } from '@passerelle/platform/schema'
import { z } from 'zod'
import { removeDocument, requireDocument } from './document.ts'

const fortnightHours = 14 * 24

/** Deleting a document, proposed by who may not do it themselves: a colleague who only reads, a program, an AI. */
export const documentDeletion: ApprovalKind<{ documentId: string }> = {
  kind: 'DOCUMENT_DELETION',
  name: { fr: 'Suppression d’un document', en: 'Deletion of a document' },
  requiredScope: 'document:write',
  fourEyes: false,
  lifetimeHours: fortnightHours,
  isEditable: false,
  isProposable: true,
  payload: z.strictObject({ documentId: z.string() }),
  async describe({ sql }, viewer, { documentId }) {
    if (!viewer.scopes.includes('document:read')) throw new NotFound()
    const { title, filename } = await sql.withOrganization(viewer, (tx) => requireDocument(tx, documentId))
    return {
      fr: `Le document «\u00a0${title}\u00a0» (${filename}) sera supprimé pour toujours, avec ce qui en a été lu\u00a0: pages, passages, mentions.`,
      en: `The document “${title}” (${filename}) will be deleted for good, with what was read in it: pages, passages, mentions.`,
    }
  },
  carryOut: ({ sql }, viewer, { payload: { documentId }, settle }) =>
    sql.withOrganization(viewer, async (tx) => {
      const { id } = await removeDocument(tx, documentId)
      await settle(tx, { documentId: id })
    }),
}
