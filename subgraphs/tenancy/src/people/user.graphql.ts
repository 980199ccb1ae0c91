import { builder } from '../builder.ts'
import type { User } from './user.store.ts'

export const UserRef = builder.objectRef<User>('User').implement({
  description: 'A person with an account.',
  interfaces: ['Node'],
  fields: (t) => ({
    email: t.exposeString('email', { tag: 'client', description: 'The address they log in with.' }),
    name: t.exposeString('name', { tag: 'client', description: 'As they call themselves.' }),
  }),
})

builder.asEntity(UserRef, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, { users }) => users.load(id),
})
