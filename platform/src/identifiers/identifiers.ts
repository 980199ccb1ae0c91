/**
 * Business identifiers and the keys by which documents and records meet.
 *
 * Promise: a number whose check digit is wrong never gets a key; a right one gets the same key however it is printed; the key and
 * the entity id derived from it never change. Everything here is pure, synchronous and takes time in proportion to its input.
 */
import type { IdentifierKind } from './candidate.ts'
import { families } from './find.ts'

export { identifierKinds, type IdentifierKind } from './candidate.ts'
export { entityId, linkKey, type EntityKey } from './entity-id.ts'
export { findIdentifiers, type FoundIdentifier } from './find.ts'
export { foldText } from './folded-text.ts'
export { nameKey } from './name-key.ts'

/** The key of a printed identifier of a known kind ("FR 17 787 495 019" → "FR17787495019"), or null when it is none. */
export function normaliseIdentifier(kind: IdentifierKind, printed: string): string | null {
  return printed.length > 200 ? null : families[kind].normalise(printed)
}
