import type { Later } from '../fr'
import { handOvers } from './hand-overs'
import { jobs } from './jobs'
import { knowledge } from './knowledge'

const later: Later = { ...knowledge, ...handOvers, ...jobs }

export default later
