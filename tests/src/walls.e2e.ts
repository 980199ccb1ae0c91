import { afterAll, beforeAll, describe } from 'vitest'
import { preparePasserelle } from './passerelle.ts'
import { foreignIdCases } from './walls/foreign-ids.cases.ts'
import { inputCases } from './walls/input.cases.ts'
import { linkCases } from './walls/links.cases.ts'
import { signedLinkCases } from './walls/signed-links.cases.ts'
import { tokenCases } from './walls/tokens.cases.ts'
import { unknownFieldCases } from './walls/unknown-fields.cases.ts'

const house = await preparePasserelle({ PASSERELLE_DEMO: 'off' })
beforeAll(() => house.start())
afterAll(() => house.remove())

describe('another organisation', () => foreignIdCases(house))
describe('tokens', () => tokenCases(house))
describe('links to files', () => linkCases(house))
describe('every kind of link', () => signedLinkCases(house))
describe('fields that nobody asked for', () => unknownFieldCases(house))
describe('input that nobody should send', () => inputCases(house))
