import { isIPv6 } from 'node:net'

/** Under what name a network address is counted; callers without one are counted together. */
export function nameOfAddress(caller: string | undefined): string {
  return caller === undefined ? 'unknown' : networkOf(caller)
}

/** What is counted as one place in the network: an address of version 4, the first half of one of version 6, which one subscriber has whole. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (!isIPv6(plain)) return plain.slice(0, 64)
  const [head = '', tail] = plain.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0')
  const groups = [...before, ...zeros, ...after].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${groups.join(':')}::/64`
}
