import { beforeEach, describe, expect, it } from 'vitest'
import { deviceOf, nameDevice, rememberDevice } from './device'

beforeEach(() => localStorage.clear())

describe('the device', () => {
  it.each([
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox · Windows'],
    ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0', 'Edge · Windows'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604',
      'Safari · iPhone',
    ],
    ['Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36', 'Chrome · Android'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 15) AppleWebKit/605 Version/18.0 Safari/605', 'Safari · macOS'],
    ['curl/8', ''],
  ])('calls %s %s', (userAgent, name) => {
    expect(nameDevice(userAgent)).toBe(name)
  })

  it('keeps what a log-in answered for the address alone, whatever its case, and the address itself nowhere', () => {
    rememberDevice('Ada@exemple.fr', 'dev_1.abc')
    rememberDevice('grace@exemple.fr', 'dev_2.def')
    rememberDevice('grace@exemple.fr', null)
    expect(deviceOf(' ada@EXEMPLE.fr').token).toBe('dev_1.abc')
    expect(deviceOf('grace@exemple.fr').token).toBe('dev_2.def')
    expect(deviceOf('personne@exemple.fr').token).toBeNull()
    expect(JSON.stringify({ ...localStorage })).not.toMatch(/exemple|ada/i)
  })

  it('forgets who logged in longest ago, and survives what is no list', () => {
    for (let person = 0; person < 10; person++) rememberDevice(`p${person}@exemple.fr`, `dev_${person}.x`)
    expect([deviceOf('p0@exemple.fr').token, deviceOf('p9@exemple.fr').token]).toEqual([null, 'dev_9.x'])
    localStorage.setItem('passerelle.devices', '{"a":1')
    expect(deviceOf('p9@exemple.fr').token).toBeNull()
  })
})
