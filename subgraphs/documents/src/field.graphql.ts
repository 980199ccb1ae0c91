import type { Box } from '@passerelle/platform/schema'
import { builder } from './builder.ts'

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
  description: 'A value of a business document, with the place on the page it was read at.',
  fields: (t) => ({
    name: t.exposeString('name'),
    value: t.exposeString('value'),
    confidence: t.exposeFloat('confidence'),
    page: t.exposeInt('page', { nullable: true }),
    box: t.expose('box', { type: 'Box', nullable: true }),
    corrected: t.exposeBoolean('corrected', { description: 'True once a person has corrected it.' }),
  }),
})
