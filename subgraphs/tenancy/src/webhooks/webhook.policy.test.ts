import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { factCatalogue, scopesToHear } from '@passerelle/platform/facts/catalogue'
import { scopes } from '@passerelle/platform/schema'
import { noticeKinds, scopesToBeTold } from '../notifications/notification.rules.ts'

test('the guide names every right that it takes to hear something, and everybody who may do everything hears everything', () => {
  const guide = readFileSync(new URL('../../../../docs/webhooks.md', import.meta.url), 'utf8')
  const needed = scopesToHear(['*'])
  expect(needed.filter((scope) => scope !== 'webhook:manage' && !guide.includes(`\`${scope}\``))).toEqual([])
  const everything: readonly string[] = scopes
  expect(needed.filter((scope) => !everything.includes(scope))).toEqual([])
})

test('what it takes to hear is what reads it: of a pattern that of all it means, of a notice that of its facts', () => {
  expect(scopesToHear(['shipment.*', 'session.ended'])).toEqual(['record:read', 'audit:read'])
  expect(scopesToHear(['nothing.there'])).toEqual([])
  expect(factCatalogue.every(({ type, scope }) => scopesToHear([type])[0] === scope)).toBe(true)
  expect(scopesToBeTold(['DOCUMENT_READY', 'USAGE_OVER'])).toEqual(['document:read', 'usage:read'])
  expect(noticeKinds.filter((kind) => scopesToBeTold([kind]).length === 0)).toEqual([])
})
