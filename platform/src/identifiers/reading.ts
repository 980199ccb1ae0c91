const space = 0x20
const lineBreak = 0x0a

/** A value read through its printed separators: the value without them, and where it stops in the text. */
export type Read = { value: string; end: number }

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isAlphanumeric(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 90)
}

/** True when the character at `offset` of a folded text is a letter or a digit. */
export function alphanumericAt(folded: string, offset: number): boolean {
  return offset >= 0 && offset < folded.length && isAlphanumeric(folded.charCodeAt(offset))
}

function isSeparator(code: number): boolean {
  return (
    code === space ||
    code === lineBreak ||
    code === 0x2e ||
    code === 0x2d ||
    code === 0x2f ||
    code === 0xb7 ||
    code === 0x5f
  )
}

type ReadRequest = { from: number; count: number; digitsOnly?: boolean; lineBreaks?: boolean; mayGoOn?: boolean }

/**
 * Reads exactly `count` letters and digits (or digits) from `from`, through at most three separators in a row and, when allowed,
 * one line break between two of them. Null when the text has something else, or when the value goes on without a separator (unless
 * it `mayGoOn`).
 */
export function readThrough(
  folded: string,
  { from, count, digitsOnly = false, lineBreaks = true, mayGoOn = false }: ReadRequest,
): Read | null {
  let value = ''
  let separators = 0
  let breaks = 0
  for (let offset = from; offset < folded.length; offset++) {
    const code = folded.charCodeAt(offset)
    if (digitsOnly ? isDigit(code) : isAlphanumeric(code)) {
      value += folded[offset]
      separators = 0
      if (value.length === count)
        return !mayGoOn && alphanumericAt(folded, offset + 1) ? null : { value, end: offset + 1 }
    } else {
      if (!isSeparator(code) || value === '' || ++separators > 3) return null
      if (code === lineBreak && (!lineBreaks || ++breaks > 1)) return null
    }
  }
  return null
}

/** Skips a few separators and brackets: where the next printed part of a value may begin. */
export function skipSeparators(folded: string, from: number, most = 3): number {
  let offset = from
  while (
    offset < folded.length &&
    offset - from < most &&
    (isSeparator(folded.charCodeAt(offset)) || '[('.includes(folded[offset] ?? ' '))
  )
    offset++
  return offset
}
