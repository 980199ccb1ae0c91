import { afterAll, beforeAll, describe } from 'vitest'
import { hostileFileCases } from './documents/hostile-files.cases.ts'
import { progressCases } from './documents/progress.cases.ts'
import { uploadCases } from './documents/uploads.cases.ts'
import { preparePasserelle } from './passerelle.ts'

const house = await preparePasserelle({ PASSERELLE_DEMO: 'off' })
beforeAll(() => house.start())
afterAll(() => house.remove())

describe('hostile files', () => hostileFileCases(house))
describe('progress', () => progressCases(house))
describe('uploads', () => uploadCases(house))
