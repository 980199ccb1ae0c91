import { builder } from './builder.ts'
import type { User } from './user.store.ts'

export const UserRef = builder.objectRef<User>('User').implement({
  description: 'A person with an account.',
  interfaces: ['Node'],
  fields: (t) => ({
    email: t.exposeString('email'),
    name: t.exposeString('name'),
  }),
})

builder.asEntity(UserRef, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, { users }) => users.load(id),
})
