/** The door of what every subgraph's schema shares. */
export { createBuilder, rootTypes, type Args, type Builder, type InputFields, type Types } from './builder.ts'
export { cursorOf, cursorParts, requireAfter } from './cursor.ts'
export { pageOf, requirePage, type Page, type PageRequest } from './page.ts'
export { connectionType, pageArgs } from './connection.ts'
export { parseInput } from './parse.ts'
export {
  EngineUnavailable,
  InvalidInput,
  NotAllowed,
  NotFound,
  QuotaExceeded,
  Refusal,
  Unauthenticated,
} from './refusals.ts'
export {
  clientViewer,
  contractOf,
  contracts,
  requireClient,
  requirePerson,
  requireReader,
  requireScope,
  requireViewer,
  roles,
  serviceViewer,
  type Contract,
  type Role,
  type Viewer,
} from './viewer.ts'
export {
  effectiveScopes,
  keyScopes,
  ownScopes,
  scopes,
  scopesOf,
  type KeyKind,
  type MemberScope,
  type Rights,
  type Scope,
} from './scopes.ts'
export { over, subscriptionOf } from './subscription.ts'
export type { Box, PageBox } from './box.ts'
