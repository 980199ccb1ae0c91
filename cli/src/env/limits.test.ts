import { expect, test } from 'vitest'
import { readEnv } from './env.ts'

const limits = (settings: Record<string, string> = {}) => {
  const read = readEnv(settings)
  return 'env' in read ? read.env.limits : read.faults
}

test('sessions ask what they like on a machine of one’s own, and the documents of the application where people reach it', () => {
  expect(limits()).toMatchObject({ policy: { explorer: 'on', introspection: 'members' } })
  const PASSERELLE_URL = 'https://passerelle.exemple.fr'
  expect(limits({ PASSERELLE_URL })).toMatchObject({ policy: { explorer: 'off' } })
  expect(limits({ PASSERELLE_URL, PASSERELLE_EXPLORER: 'on' })).toMatchObject({ policy: { explorer: 'on' } })
  expect(limits({ PASSERELLE_EXPLORER: 'org_a, org_b' })).toMatchObject({
    policy: { explorer: { only: new Set(['org_a', 'org_b']) } },
  })
})

test('a rate of nothing is no limit', () => {
  expect(limits({ PASSERELLE_RATE_KEY: '500', PASSERELLE_RATE_ADDRESS: '0' })).toMatchObject({
    rates: { windowSeconds: 60, key: 500, address: null, organization: 3_000_000 },
  })
})

test('believes the proxies that are named, and those of this machine alone where none is', () => {
  expect(limits()).toHaveProperty('proxies', undefined)
  expect(limits({ PASSERELLE_PROXIES: '10.1.0.2, 172.16.0.0/12,fd00::/8' })).toMatchObject({
    proxies: ['10.1.0.2/32', '172.16.0.0/12', 'fd00::/8'],
  })
  for (const wrong of ['proxy', '10.1.0.2/33', '10.1.0.2,', '10.1', 'http://10.1.0.2'])
    expect(limits({ PASSERELLE_PROXIES: wrong })).toEqual([
      `PASSERELLE_PROXIES must be addresses or networks with commas, such as 10.1.0.2, 10.2.0.0/16, not “${wrong}”.`,
    ])
})

test('says of each wrong limit what it must be', () => {
  expect(
    limits({
      PASSERELLE_EXPLORER: 'yes',
      PASSERELLE_INTROSPECTION: 'yes',
      PASSERELLE_RATE_KEY: '-1',
      PASSERELLE_SOCKETS_CALLER: '0',
    }),
  ).toEqual([
    'PASSERELLE_EXPLORER must be on, off, or ids of organisations with commas, not “yes”.',
    'PASSERELLE_INTROSPECTION must be on, members or off, not “yes”.',
    'PASSERELLE_RATE_KEY must be a number of points a minute, 0 for as many as one likes, not “-1”.',
    'PASSERELLE_SOCKETS_CALLER must be a number of connections from 1, not “0”.',
  ])
})
