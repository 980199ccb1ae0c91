import { isIPv6 } from 'node:net'

/** One address of IPv4, or the half of an IPv6 address that one household shares: what attempts are counted by. */
export function toNetwork(caller: string | undefined): string {
  return cut(caller, { four: 4, six: 4 }) ?? 'unknown'
}

/** The neighbourhood of an address, for a list that a person reads; never the address itself. Null when nothing is known. */
export function toCoarseNetwork(caller: string | undefined): string | null {
  return cut(caller, { four: 3, six: 3 })
}

function cut(caller: string | undefined, { four, six }: { four: number; six: number }): string | null {
  if (!caller) return null
  const plain = caller.replace(/^::ffff:(?=\d+\.)/i, '')
  if (!isIPv6(plain)) {
    const parts = plain.split('.').slice(0, four)
    return four === 4 ? parts.join('.') : [...parts, '0/24'].join('.')
  }
  return `${expand(plain).slice(0, six).join(':')}::/${six * 16}`
}

/** The eight groups of an IPv6 address. */
function expand(address: string): string[] {
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? []
  const before = head.split(':').filter(Boolean)
  const after = (tail ?? '').split(':').filter(Boolean)
  const missing = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  return [...before, ...(tail === undefined ? [] : missing), ...after].map((group) => group.replace(/^0+(?=.)/, ''))
}
