import { z } from 'zod'
import { normaliseIdentifier, type IdentifierKind } from '../identifiers/identifiers.ts'

/** What stands in one line: no control characters, and no other ends of lines. */
export const oneLine = /^[^\p{Cc}\u2028\u2029]*$/u

/**
 * Without what turns the direction of all that follows: a line also stands among the words of others, such as in a letter, and would turn these. Numbers that
 * are copied from an address book come with such signs.
 */
export function unturned(line: string): string {
  return line.replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '')
}

/** At least one sign that is seen. */
const seen = /[^\p{Z}\p{C}]/u

/** One line that a person typed: trimmed, without control characters, `max` signs at most. `what` opens the sentences of its refusals. */
export function requiredLine(what: string, max: number) {
  return z
    .string(`${what} is needed.`)
    .overwrite(unturned)
    .trim()
    .min(1, `${what} is needed.`)
    .max(max, `${what} has at most ${max} characters.`)
    .regex(oneLine, `${what} is one line without control characters.`)
    .refine((line) => line === '' || seen.test(line), `${what} is needed.`)
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
