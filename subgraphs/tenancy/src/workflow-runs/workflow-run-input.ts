import { InvalidInput } from '@passerelle/platform/schema'
import { z } from 'zod'

const longestSchema = 16_000
const longestInput = 100_000

/** Words of a schema that would have us run somebody's pattern on somebody's text, for as long as that takes, or walk in circles. */
const refusedWords = new Set(['pattern', 'patternProperties', '$ref', '$dynamicRef', '$recursiveRef'])

/** A JSON Schema that inputs can be checked by, or null for none; InvalidInput for what is none or asks for too much. */
export function requireInputSchema(schema: unknown): unknown {
  if (schema === null || schema === undefined) return null
  if (JSON.stringify(schema).length > longestSchema)
    throw refusedSchema(`A schema has at most ${longestSchema} characters.`)
  const word = findWord(schema)
  if (word) throw refusedSchema(`A schema has no “${word}”.`)
  toCheck(schema)
  return schema
}

/** The input as text for the row, once the schema agrees; InvalidInput with the place at fault. */
export function requireRunInput(schema: unknown, input: unknown): unknown {
  if (JSON.stringify(input ?? null).length > longestInput)
    throw new InvalidInput(`An input has at most ${longestInput} characters of JSON.`, ['input'])
  if (schema === null) return input
  const checked = toCheck(schema).safeParse(input)
  if (checked.success) return input
  const [issue] = checked.error.issues
  throw new InvalidInput(issue?.message ?? 'The input is not as the workflow takes it.', [
    'input',
    ...(issue?.path.map(String) ?? []),
  ])
}

function toCheck(schema: unknown): z.ZodType {
  try {
    return z.fromJSONSchema(z.record(z.string(), z.unknown()).parse(schema))
  } catch {
    throw refusedSchema('This is no JSON Schema that inputs can be checked by.')
  }
}

function findWord(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, inner] of Object.entries(value)) {
    if (refusedWords.has(name)) return name
    const found = findWord(inner)
    if (found) return found
  }
  return undefined
}

function refusedSchema(message: string): InvalidInput {
  return new InvalidInput(message, ['inputSchema'])
}
