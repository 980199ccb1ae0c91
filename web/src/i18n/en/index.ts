import type { First } from '../fr'
import { ask } from './ask'
import { documents } from './documents'
import { records } from './records'
import { shell } from './shell'

const en: First = { ...shell, ...documents, ...ask, ...records }

export default en
