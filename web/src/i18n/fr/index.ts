import { documents } from './documents'
import { handOvers } from './hand-overs'
import { jobs } from './jobs'
import { records } from './records'
import { shell } from './shell'
import { knowledge } from './knowledge'

const fr = { ...shell, ...documents, ...knowledge, ...records, ...handOvers, ...jobs }

export default fr

/** The keys that every language has, as nested as here. */
export type Messages = Widened<typeof fr>

type Widened<T> = { [K in keyof T]: T[K] extends string ? string : Widened<T[K]> }
