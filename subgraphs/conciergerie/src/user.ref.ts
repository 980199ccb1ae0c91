import { builder } from './builder.ts'

/** Whom tenancy keeps; only the id is known here. */
export const UserRef = builder.externalRef('User', builder.selection<{ id: string }>('id')).implement({
  externalFields: (t) => ({ id: t.id() }),
})
