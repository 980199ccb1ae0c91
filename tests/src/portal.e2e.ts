import { afterAll, beforeAll, describe } from 'vitest'
import { preparePasserelle } from './passerelle.ts'
import { openHouses, type House } from './portal/clients.ts'
import { contractCases } from './portal/contract.cases.ts'
import { endingCases } from './portal/ending.cases.ts'
import { isolationCases } from './portal/isolation.cases.ts'
import { rowCases } from './portal/rows.cases.ts'

const house = await preparePasserelle({ PASSERELLE_DEMO: 'off', PASSERELLE_RATE_CLIENT: '0' })
let made: readonly [House, House] | undefined
const houses = (): readonly [House, House] => {
  if (!made) throw new Error('The houses are filled before any test.')
  return made
}

beforeAll(async () => {
  await house.start()
  made = await openHouses(house)
})
afterAll(() => house.remove())

describe('what clients see of the schema', () => contractCases(houses))
describe('what clients see of each other', () => isolationCases(house, houses))
describe('the rows of clients', () => rowCases(house, houses))
describe('the end of access', () => endingCases(house, houses))
