import { builder } from '../builder.ts'

/** Whom the organisation works for: conciergerie tells who they are. */
export const ClientRef = builder
  .externalRef('Client', builder.selection<{ id: string }>('id'))
  .implement({ externalFields: (t) => ({ id: t.id() }) })
