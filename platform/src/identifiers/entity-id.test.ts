import { expect, test } from 'vitest'
import { entityId, linkKey } from './entity-id.ts'

const company = { organizationId: 'org_1', type: 'IDENTIFIER', kind: 'SIREN', key: '787495019' }

test('the id of an entity is the same for ever', () => {
  expect(entityId(company)).toBe('ent_spewb8qrjnbb2qnc6payg1dhs1')
})

test('another organisation, type, kind or key is another entity', () => {
  const ids = [
    company,
    { ...company, organizationId: 'org_2' },
    { ...company, type: 'RECORD' },
    { ...company, kind: 'SIRET' },
    { ...company, kind: null },
    { ...company, key: '787495018' },
    { ...company, kind: 'SIRE', key: 'N787495019' },
  ].map(entityId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^ent_[0-9a-hjkmnp-tv-z]{26}$/)
})

test('a link key names its kind', () => {
  expect(linkKey('SIREN', '787495019')).toBe('SIREN:787495019')
})
