import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'

export type Grade = 'SHORT' | 'WEAK' | 'FAIR' | 'STRONG'

const shortest = 12
/** Looking at longer ones takes time and finds nothing. */
const longestLook = 64
const estimator = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })

/** How hard a password is to guess: powers of ten of the guesses it takes, below the server's line, a little above it, or far. */
export function gradeOf(password: string): Grade {
  if (password.length < shortest) return 'SHORT'
  const { guessesLog10 } = estimator.check(password.slice(0, longestLook), ['passerelle'])
  if (guessesLog10 < 8) return 'WEAK'
  return guessesLog10 < 11 ? 'FAIR' : 'STRONG'
}
