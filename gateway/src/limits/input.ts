import { limits } from './limits.ts'
import { tooLarge } from './too-large.ts'
import { GraphQLError } from 'graphql'

/**
 * In what the values that come beside a document are too deep, too many, or a list too long. It takes them one after the other, never one inside
 * the other, and stops at the first fault, so that no nesting can exhaust it.
 */
export function inputFaults(input: unknown): GraphQLError[] {
  const waiting: { value: unknown; depth: number }[] = [{ value: input, depth: 0 }]
  let values = 0
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, depth } = next
    if (++values > limits.inputValues) return [tooLarge({ what: 'inputValues', limit: limits.inputValues })]
    if (typeof value === 'string' && !value.isWellFormed()) return [halfCharacter()]
    if (typeof value !== 'object' || value === null) continue
    if (depth > limits.inputDepth) return [tooLarge({ what: 'inputDepth', limit: limits.inputDepth })]
    if (Array.isArray(value) && value.length > limits.inputList)
      return [tooLarge({ what: 'inputList', limit: limits.inputList })]
    const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
    if (values + waiting.length + inner.length > limits.inputValues)
      return [tooLarge({ what: 'inputValues', limit: limits.inputValues })]
    for (const each of inner) waiting.push({ value: each, depth: depth + 1 })
  }
  return []
}

/** JSON can spell halves of characters, which no store takes. */
function halfCharacter(): GraphQLError {
  return new GraphQLError('A text in the variables is not Unicode: it has half of a character.', {
    extensions: { code: 'BAD_USER_INPUT' },
  })
}
