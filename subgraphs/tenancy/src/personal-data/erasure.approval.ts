import type { ApprovalKind } from '@passerelle/platform/approvals'
import { NotFound } from '@passerelle/platform/schema'
import { z } from 'zod'
import { beginErasure } from './personal-data-steps.ts'

const fortnightHours = 14 * 24

/** Erasing a person for good needs a second one, who looked at what is held. */
export const personErasure: ApprovalKind<{ requestId: string }> = {
  kind: 'PERSON_ERASURE',
  name: { fr: 'Effacement d’une personne', en: 'Erasure of a person' },
  requiredScope: 'privacy:manage',
  fourEyes: true,
  lifetimeHours: fortnightHours,
  isEditable: false,
  payload: z.strictObject({ requestId: z.string() }),
  async carryOut(platform, viewer, { payload: { requestId }, deciderId, settle }) {
    const keys = await platform.sealing.keysOf(viewer.organizationId)
    await platform.sql.withOrganization(viewer, async (tx) => {
      const begun = await beginErasure(tx, platform, { id: requestId, keys, approvedBy: deciderId })
      if (!begun) throw new NotFound('This request was cancelled.')
      await settle(tx, { requestId })
    })
  },
}
