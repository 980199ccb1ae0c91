import type { Box } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'

/** A value of a business document and the place it was read at. */
export interface Field {
  name: string
  value: string
  confidence: number
  page: number | null
  box: Box | null
  corrected: boolean
}

export const FieldRef = builder.objectRef<Field>('Field').implement({
  tag: 'partner',
  description: 'A value of a business document, with the place on the page it was read at.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is, such as `invoiceNumber`.' }),
    value: t.exposeString('value', { description: 'Normalised: moments as ISO 8601, amounts with a point.' }),
    confidence: t.exposeFloat('confidence', { description: '0 to 1.' }),
    page: t.exposeInt('page', { nullable: true, description: 'From 1; null when a person typed it in.' }),
    box: t.expose('box', { type: 'Box', nullable: true, description: 'Where it is printed.' }),
    corrected: t.exposeBoolean('corrected', { description: 'True once a person has corrected it.' }),
  }),
})
