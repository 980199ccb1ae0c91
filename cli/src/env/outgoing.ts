import { toAllowList } from '@passerelle/platform/outgoing'
import { z } from 'zod'

/** The networks and hosts of the installation that customers' webhooks and workflows may reach. */
export const outgoingSettings = {
  PASSERELLE_OUTGOING_ALLOW: z
    .string()
    .optional()
    .superRefine((text, context) => {
      try {
        toAllowList(text ?? '')
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        context.addIssue({ code: 'custom', message: `PASSERELLE_OUTGOING_ALLOW ${reason}.` })
      }
    }),
}
