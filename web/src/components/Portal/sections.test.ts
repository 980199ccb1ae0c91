import { expect, it } from 'vitest'
import { sectionOf, sectionsOf } from './sections'

const names = (...args: Parameters<typeof sectionsOf>) => sectionsOf(...args).map(({ name }) => name)

it('of whoever has nothing yet are home and the requests', () => {
  expect(names({}, 'portal')).toEqual(['portal', 'portal-requests'])
  expect(names({ stays: 0, shipments: 0, properties: 0, documents: 0 }, 'portal')).toEqual([
    'portal',
    'portal-requests',
  ])
})

it('are those of which there is something, in one order', () => {
  expect(names({ documents: 1, shipments: 3 }, 'portal')).toEqual([
    'portal',
    'portal-requests',
    'portal-shipments',
    'portal-documents',
  ])
})

it('hold the one where somebody is, although nothing is left in it', () => {
  expect(names({}, sectionOf('portal-shipment'))).toEqual(['portal', 'portal-requests', 'portal-shipments'])
})
