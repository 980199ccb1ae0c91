import { z } from 'zod'
import { entityId, nameKey, normaliseIdentifier } from '../identifiers/identifiers.ts'
import { oneLine } from '../records/line.ts'

/** Whom a request is about, in the forms in which the house compares people. */
export interface Subject {
  /** A member of the organisation; null for somebody who has no account in it. */
  userId: string | null
  /** Normalised. */
  emails: readonly string[]
  /** E.164. */
  phones: readonly string[]
  /** As typed. */
  names: readonly string[]
  /** What they are in the knowledge graph: those that follow from the above, and those that were named. */
  entityIds: readonly string[]
}

const text = z
  .string()
  .overwrite((typed) => typed.replace(/\s+/g, ' '))
  .trim()
  .min(1)
  .max(254)
  .regex(oneLine, 'What to look for has no control characters.')
const texts = z.array(text).max(20)

/** Whom to look for, as somebody types it. */
export const subjectInput = z
  .object({
    userId: z.string().max(64).nullish(),
    emails: texts.nullish(),
    phones: texts.nullish(),
    names: texts.nullish(),
    entityIds: texts.nullish(),
  })
  .superRefine((input, context) => {
    const faults = [
      ...(input.emails ?? []).map((text, at) => ({ path: ['emails', at], bad: !normaliseIdentifier('EMAIL', text) })),
      ...(input.phones ?? []).map((text, at) => ({ path: ['phones', at], bad: !normaliseIdentifier('PHONE', text) })),
      ...(input.names ?? []).map((text, at) => ({ path: ['names', at], bad: !isTelling(text) })),
    ]
    for (const { path, bad } of faults)
      if (bad) context.addIssue({ code: 'custom', path, message: messages[path[0] as keyof typeof messages] })
    const given = [input.userId, ...Object.values(input).filter(Array.isArray).flat()].filter(Boolean)
    if (given.length === 0) context.addIssue({ code: 'custom', path: [], message: 'Say whom to look for.' })
  })
export type SubjectInput = z.input<typeof subjectInput>

const messages = {
  emails: 'This is not an e-mail address.',
  phones: 'This is not a phone number; from abroad it needs its country code, such as +44.',
  names: 'A name to look for has two words at least, such as a first name and a family name.',
}

/** A single word is half the world. */
function isTelling(name: string): boolean {
  return (
    nameKey(name)
      .split(' ')
      .filter((word) => word.length > 1).length >= 2
  )
}

/** The subject behind what was typed, with the entities that it must be. */
export function createSubject(organizationId: string, input: z.output<typeof subjectInput>): Subject {
  const emails = normalised('EMAIL', input.emails)
  const phones = normalised('PHONE', input.phones)
  const names = [...new Set(input.names)]
  const identifier = (kind: string) => (key: string) => entityId({ organizationId, type: 'IDENTIFIER', kind, key })
  const person = (key: string) => entityId({ organizationId, type: 'PERSON', kind: null, key })
  // Documents put either of a name's words first.
  const keysOf = (name: string) => [nameKey(name), nameKey(name).split(' ').toReversed().join(' ')]
  const entityIds = new Set([
    ...emails.map(identifier('EMAIL')),
    ...phones.map(identifier('PHONE')),
    ...names.flatMap(keysOf).map(person),
    ...(input.entityIds ?? []),
  ])
  return { userId: input.userId ?? null, emails, phones, names, entityIds: [...entityIds] }
}

function normalised(kind: 'EMAIL' | 'PHONE', printed: readonly string[] | null | undefined): string[] {
  const keys = (printed ?? []).map((text) => normaliseIdentifier(kind, text))
  return [...new Set(keys.filter((key) => key !== null))]
}
