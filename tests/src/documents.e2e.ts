import { afterAll, beforeAll, describe } from 'vitest'
import { businessCases } from './documents/business.cases.ts'
import { hostileFileCases } from './documents/hostile-files.cases.ts'
import { progressCases } from './documents/progress.cases.ts'
import { retrievalCases } from './documents/retrieval.cases.ts'
import { uploadCases } from './documents/uploads.cases.ts'
import { preparePasserelle } from './passerelle.ts'

const house = await preparePasserelle({ PASSERELLE_DEMO: 'off' })
beforeAll(() => house.start())
afterAll(() => house.remove())

describe('business papers', () => businessCases(house))
describe('retrieval', () => retrievalCases(house))
describe('hostile files', () => hostileFileCases(house))
describe('progress', () => progressCases(house))
describe('uploads', () => uploadCases(house))
