import { createHash } from 'node:crypto'
import type { IdentifierKind } from './candidate.ts'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** What makes an entity of the knowledge graph the same one wherever it is met. `kind` is null for names, `key` is normalised. */
export type EntityKey = { organizationId: string; type: string; kind: string | null; key: string }

/**
 * The id of an entity, derived from what it is: "ent_" and 26 signs of Crockford's base 32 (130 bits of SHA-256). Whoever knows
 * the key knows the id, without asking; it is the same for ever, so this function must never give another result.
 */
export function entityId({ organizationId, type, kind, key }: EntityKey): string {
  const hash = createHash('sha256')
    .update([organizationId, type, kind ?? '', key].join('\u0000'))
    .digest()
  let id = ''
  for (let bit = 0; bit < 130; bit += 5) {
    const pair = ((hash[bit >> 3] ?? 0) << 8) | (hash[(bit >> 3) + 1] ?? 0)
    id += alphabet[(pair >> (11 - (bit & 7))) & 31]
  }
  return `ent_${id}`
}

/** The form in which records and documents exchange keys: "SIREN:732829320", "NAME:durand". */
export function linkKey(kind: IdentifierKind | 'NAME', key: string): string {
  return `${kind}:${key}`
}
