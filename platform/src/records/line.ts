import { z } from 'zod'
import { normaliseIdentifier, type IdentifierKind } from '../identifiers/identifiers.ts'

/** One line that a person typed: trimmed, without control characters, `max` signs at most. `what` opens the sentences of its refusals. */
export function requiredLine(what: string, max: number) {
  return z
    .string(`${what} is needed.`)
    .trim()
    .min(1, `${what} is needed.`)
    .max(max, `${what} has at most ${max} characters.`)
    .regex(/^\P{Cc}*$/u, `${what} is one line without control characters.`)
}

/** The same, or nothing: null and an empty line mean that there is none; undefined stays undefined, so that an update can leave it. */
export function optionalLine(what: string, max: number) {
  return z.preprocess(
    (value) => (typeof value === 'string' && value.trim() === '' ? null : value),
    requiredLine(what, max).nullish(),
  )
}

/** The same, which must be an identifier of the kind, in any printed form; kept as typed. `refusal` says what it should be. */
export function optionalIdentifier(kind: IdentifierKind, { what, refusal }: { what: string; refusal: string }) {
  return optionalLine(what, 254).refine((typed) => typed == null || normaliseIdentifier(kind, typed) !== null, refusal)
}
