import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { approvalCases } from './kills/approvals.cases.ts'
import { archiveCases } from './kills/archives.cases.ts'
import { erasureCases } from './kills/erasures.cases.ts'
import { letterCases, openPostOffice } from './kills/letters.cases.ts'
import { retentionCases } from './kills/retention.cases.ts'
import { runCases } from './kills/runs.cases.ts'
import { sealingCases } from './kills/sealing.cases.ts'
import { webhookCases } from './kills/webhooks.cases.ts'
import { preparePasserelle, surprises } from './passerelle.ts'

const office = await openPostOffice()
const house = await preparePasserelle({
  PASSERELLE_DEMO: 'off',
  PASSERELLE_OUTGOING_ALLOW: '127.0.0.0/8',
  SMTP_URL: `smtp://127.0.0.1:${office.port}?starttls=off`,
  MAIL_FROM: 'Passerelle <courrier@exemple.fr>',
  PASSERELLE_URL: 'https://passerelle.exemple.fr',
  PASSERELLE_EXPLORER: 'on',
})
beforeAll(() => house.start())
afterAll(async () => {
  await house.remove()
  await office.close()
})

describe('webhooks', () => webhookCases(house))
describe('runs of workflows', () => runCases(house))
describe('letters', () => letterCases(house, office))
describe('approvals', () => approvalCases(house))
describe('erasures', () => erasureCases(house))
describe('archives', () => archiveCases(house))
describe('sealing', () => sealingCases(house))
describe('retention', () => retentionCases(house))

test('every log is what was written, and the doctor finds nothing', async () => {
  expect(await house.verb(['audit', 'verify'])).toEqual({
    code: 0,
    output: expect.stringContaining('Every entry is what was written.'),
  })
  expect((await house.verb(['doctor'])).output).not.toContain('✗')
})

test('nothing that the last start found was a surprise', () => {
  expect(surprises(house)).toEqual([])
})
