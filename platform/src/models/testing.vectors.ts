import { createHash } from 'node:crypto'

/** A vector of 64 places that counts the words of a text: texts that share words are near one another. */
export function embedOne(text: string): number[] {
  const vector = Array.from({ length: 64 }, () => 0)
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['']) {
    const place = (createHash('md5').update(word).digest()[0] ?? 0) % 64
    vector[place] = (vector[place] ?? 0) + 1
  }
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}
