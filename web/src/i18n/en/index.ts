import type { Messages } from '../fr'
import { documents } from './documents'
import { handOvers } from './hand-overs'
import { jobs } from './jobs'
import { records } from './records'
import { shell } from './shell'
import { knowledge } from './knowledge'

const en: Messages = { ...shell, ...documents, ...knowledge, ...records, ...handOvers, ...jobs }

export default en
