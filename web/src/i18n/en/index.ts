import type { Messages } from '../fr'
import { documents } from './documents'
import { records } from './records'
import { shell } from './shell'
import { knowledge } from './knowledge'

const en: Messages = { ...shell, ...documents, ...knowledge, ...records }

export default en
