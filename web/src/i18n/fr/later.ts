import { handOvers } from './hand-overs'
import { jobs } from './jobs'
import { knowledge } from './knowledge'

/** The words of all other pages; they come right after the first. */
const later = { ...knowledge, ...handOvers, ...jobs }

export default later
