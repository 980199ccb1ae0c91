import { ask } from './ask'
import { documents } from './documents'
import type later from './later'
import type portal from './portal'
import { records } from './records'
import { shell } from './shell'

/** The words of the pages that people open first. */
const fr = { ...shell, ...documents, ...ask, ...records }

export default fr

/** The keys that every language has, as nested as here. */
export type First = Widened<typeof fr>
export type Later = Widened<typeof later>
export type Portal = Widened<typeof portal>

type Widened<T> = { [K in keyof T]: T[K] extends string ? string : Widened<T[K]> }
