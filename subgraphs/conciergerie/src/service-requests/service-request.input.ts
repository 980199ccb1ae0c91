import { z } from 'zod'

/** A text of some lines that a person typed: trimmed, without control characters but ends of lines and tabs, `max` signs at most. */
export const lines = (what: string, max: number) =>
  z
    .string(`${what} is needed.`)
    .trim()
    .max(max, `${what} has at most ${max} characters.`)
    .regex(/^(?:\P{Cc}|[\n\r\t])*$/u, `${what} has no control characters.`)

/** What whoever asks calls this try, so that asking twice, by a double click or after a lost answer, does it once. */
export const requestKey = z
  .string()
  .min(1, 'A request key is not empty.')
  .max(200, 'A request key has at most 200 characters.')
  .regex(/^\P{Cc}*$/u, 'A request key has no control characters.')
  .nullish()
