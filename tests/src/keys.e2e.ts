import { afterAll, beforeAll, describe } from 'vitest'
import { contractCases } from './keys/contract.cases.ts'
import { guideCases } from './keys/guide.cases.ts'
import { programCases } from './keys/programs.cases.ts'
import { screenCases } from './keys/screen.cases.ts'
import { preparePasserelle } from './passerelle.ts'

const house = await preparePasserelle({ PASSERELLE_DEMO: 'off' })
beforeAll(() => house.start())
afterAll(() => house.remove())

describe('what partners see', () => contractCases(house))
describe('programs with keys', () => programCases(house))
describe('the quick start for partners', () => guideCases(house))
describe('the screen of keys', () => screenCases(house))
