import type { MatchExtended, ZxcvbnFactory } from '@zxcvbn-ts/core'

/** Powers of ten: an online guesser who is slowed down never gets as far, and one who has stolen the hashes needs years. */
const leastPower = 8
/** Looking at longer ones takes time and finds nothing: what is good so far stays good. */
const longestLook = 64

let estimator: Promise<ZxcvbnFactory> | undefined

/** Loaded when the first password is chosen: its words take memory. */
async function loadEstimator(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory }, common, { dictionary }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-fr'),
  ])
  return new ZxcvbnFactory({
    dictionary: {
      ...common.dictionary,
      'commonWords-fr': dictionary['commonWords-fr'],
      'firstnames-fr': dictionary['firstnames-fr'],
    },
    graphs: common.adjacencyGraphs,
  })
}

/**
 * What makes a password easy to guess, as a sentence, or null when it is not: it is looked at as a guesser would, with common passwords, French words,
 * rows of keys, repetitions and dates. `about` are words that anybody would try for this person: their name, address, organisation.
 */
export async function findWeakness(password: string, about: readonly string[]): Promise<string | null> {
  estimator ??= loadEstimator()
  const words = about.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)]).filter((word) => word.length > 2)
  const { guessesLog10, sequence } = (await estimator).check(password.slice(0, longestLook), [...words, 'passerelle'])
  if (guessesLog10 >= leastPower) return null
  // The part that says most: the longest that was recognised.
  const known = sequence.filter(({ pattern }) => pattern !== 'bruteforce' && pattern !== 'separator')
  const [worst] = known.toSorted((left, right) => right.token.length - left.token.length)
  return `This password is easy to guess: ${worst ? explain(worst) : 'it is too short for the signs it is made of'}.`
}

function explain(match: MatchExtended): string {
  switch (match.pattern) {
    case 'repeat':
      return 'it repeats itself'
    case 'sequence':
      return 'it counts or spells the alphabet'
    case 'spatial':
      return 'it is a row of keys'
    case 'date':
    case 'regex':
      return 'a date is quickly tried'
    case 'dictionary':
      return match.dictionaryName === 'userInputs'
        ? 'it is made of your own name, address or organisation'
        : 'it is made of common words or passwords'
    default:
      return 'it follows a pattern'
  }
}
