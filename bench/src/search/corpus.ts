/** Chunks and questions that behave like business French: a few terms in a quarter of the chunks, most in almost none, and the same ones at every run. */

const vocabulary = 60_000
const cumulated = cumulate()

function cumulate(): Float64Array {
  const sums = new Float64Array(vocabulary)
  let sum = 0
  for (let rank = 0; rank < vocabulary; rank++) sums[rank] = sum += 1 / (rank + 90) ** 1.08
  return sums
}

function createRandom(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1_664_525 + 1_013_904_223) >>> 0) / 2 ** 32
}

function drawTerm(random: () => number): string {
  const drawn = random() * (cumulated[vocabulary - 1] ?? 1)
  let low = 0
  let high = vocabulary - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((cumulated[middle] ?? 0) < drawn) low = middle + 1
    else high = middle
  }
  return `term${low}`
}

/** The terms of so many chunks, 50 to 200 terms each, of which some 120 distinct. */
export function* drawChunks(count: number): Generator<Map<string, number>> {
  const random = createRandom(1)
  for (let index = 0; index < count; index++) {
    const terms = new Map<string, number>()
    for (let left = 50 + Math.floor(random() * 150); left > 0; left--) {
      const term = drawTerm(random)
      terms.set(term, (terms.get(term) ?? 0) + 1)
    }
    yield terms
  }
}

/** Questions of twelve distinct terms, drawn as the chunks' are, so that common ones are common in them too. */
export function drawQuestions(count: number): string[][] {
  const random = createRandom(99)
  return Array.from({ length: count }, () => {
    const terms = new Set<string>()
    while (terms.size < 12) terms.add(drawTerm(random))
    return [...terms]
  })
}
