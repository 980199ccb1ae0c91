import { requireViewer, roles, scopes, scopesOf, type MemberScope, type Role } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { RoleEnum } from './member.graphql.ts'
import { scopeDescriptions } from './permission.ts'

const RolePolicyRef = builder.objectRef<{ role: Role }>('RolePolicy').implement({
  description: 'What a role allows, before the organisation gives or keeps back single scopes.',
  fields: (t) => ({
    role: t.expose('role', { type: RoleEnum, description: 'The role.' }),
    scopes: t.stringList({ description: 'All that it allows.', resolve: ({ role }) => scopesOf([role]) }),
  }),
})

const PermissionRef = builder.objectRef<{ scope: MemberScope }>('Permission').implement({
  description: 'Something that a caller may be allowed to do.',
  fields: (t) => ({
    scope: t.exposeString('scope', { description: 'The word that policies ask for: `document:read`.' }),
    noun: t.string({
      description: 'What it is about: `document`.',
      resolve: ({ scope }) => scope.slice(0, scope.indexOf(':')),
    }),
    description: t.string({ description: 'What it allows.', resolve: ({ scope }) => scopeDescriptions[scope] }),
  }),
})

builder.queryField('roles', (t) =>
  t.field({
    description: 'Every role, the most powerful first, and what it allows.',
    type: [RolePolicyRef],
    resolve: (_root, _args, context) => {
      requireViewer(context)
      return roles.map((role) => ({ role }))
    },
  }),
)

builder.queryField('permissions', (t) =>
  t.field({
    description: 'Every scope there is, and what it allows.',
    type: [PermissionRef],
    resolve: (_root, _args, context) => {
      requireViewer(context)
      return scopes.map((scope) => ({ scope }))
    },
  }),
)
