import { isIPv4, isIPv6 } from 'node:net'

/**
 * The network of an address, which is all that is kept of it: 256 addresses of IPv4, a site of IPv6. Null when there is none, or it is none.
 */
export function toNetwork(address: string | undefined): string | null {
  const plain = address?.replace(/^::ffff:(?=\d+\.)/i, '').split('%')[0] ?? ''
  if (isIPv4(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`
  if (!isIPv6(plain)) return null
  const [head = '', tail] = plain.split('::')
  const groups = head.split(':').filter(Boolean)
  const first = tail === undefined ? groups : [...groups, '0', '0', '0']
  return `${first.slice(0, 3).join(':')}::/48`
}
