import { documents } from './documents'
import { records } from './records'
import { shell } from './shell'
import { knowledge } from './knowledge'

const fr = { ...shell, ...documents, ...knowledge, ...records }

export default fr

/** The keys that every language has, as nested as here. */
export type Messages = Widened<typeof fr>

type Widened<T> = { [K in keyof T]: T[K] extends string ? string : Widened<T[K]> }
