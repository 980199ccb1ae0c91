import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { consentCases } from './administration/consent.cases.ts'
import { hands } from './administration/hands.ts'
import { outsideCases } from './administration/outside.cases.ts'
import { peopleCases } from './administration/people.cases.ts'
import { openBrowser } from './browser.ts'
import { preparePasserelle, surprises } from './passerelle.ts'

const house = await preparePasserelle({
  PASSERELLE_DEMO: 'off',
  PASSERELLE_OUTGOING_ALLOW: '127.0.0.0/8',
  PASSERELLE_ERASURE_DELAY_DAYS: '0',
})
let browser: Browser
beforeAll(async () => {
  // It serves the pages that are there when it starts.
  browser = await openBrowser()
  await house.start()
})
afterAll(async () => {
  await browser?.close()
  await house.remove()
})

describe.each(hands)('in French, with a %s', (hand) => {
  describe('people', () => peopleCases(house, () => browser, hand))
  describe('what goes out', () => outsideCases(house, () => browser, hand))
  describe('what takes two', () => consentCases(house, () => browser, hand))
})

test('nothing that people did in the administration left an error in the log', () => {
  expect(surprises(house)).toEqual([])
})
