import { expect, test } from 'vitest'
import { openTokenKeys } from '../identity/tokens.ts'
import { ownScopes, type Viewer } from '../schema/schema.ts'
import { shownCursors } from './shown-cursors.ts'

const house = { keys: openTokenKeys({ tokenKey: new Uint8Array(32).fill(1), fileKey: new Uint8Array(32).fill(2) }) }

function client(clientId: string | null, organizationId = 'org_1'): Viewer {
  return { organizationId, userId: null, sessionId: 'clk_1', roles: [], scopes: ownScopes, keyId: null, clientId }
}

test('a client continues after what they were shown, by whichever link, and it tells no number and no order', () => {
  const cursors = shownCursors(house, client('cli_1'))
  const positions = ['0', '7', '8', '1000000', '999999999999999']
  const shown = positions.map((position) => cursors.show(position))
  expect(new Set(shown.map(({ length }) => length))).toEqual(new Set([27]))
  for (const cursor of shown) expect(cursor).not.toMatch(/^\d+$/)
  const again = shownCursors(house, { ...client('cli_1'), sessionId: 'clk_2' })
  expect(shown.map((cursor) => again.read(cursor))).toEqual(positions)
  expect([cursors.read(null), cursors.read(undefined)]).toEqual([null, undefined])
})

test('what a client was not shown is no cursor: a position, another client’s, and what somebody changed', () => {
  const cursors = shownCursors(house, client('cli_1'))
  const shown = cursors.show('7')
  const others = [client('cli_2'), client('cli_1', 'org_2')].map((viewer) => shownCursors(house, viewer).show('7'))
  const changed = `${shown.startsWith('A') ? 'B' : 'A'}${shown.slice(1)}`
  for (const cursor of [
    '',
    '0',
    '7',
    '-1',
    'é',
    'x'.repeat(100_000),
    ...others,
    changed,
    shown.slice(1),
    `${shown}AAAA`,
  ])
    expect(() => cursors.read(cursor)).toThrow('not a cursor')
})

test('everybody else is shown positions', () => {
  const cursors = shownCursors(house, client(null))
  expect([cursors.show('7'), cursors.read('7'), cursors.read('x')]).toEqual(['7', '7', 'x'])
})
