import { BlockList, isIP, isIPv4 } from 'node:net'

/** A network as CIDR writes it, such as `203.0.113.0/24`; one address alone is a network of one. Null for a text that is none. */
export function toNetwork(text: string): string | null {
  const [address = '', bits, ...rest] = text.trim().split('/')
  const version = isIP(address)
  const most = version === 4 ? 32 : 128
  if (version === 0 || rest.length > 0 || address.includes('%')) return null
  if (bits === undefined) return `${address}/${most}`
  return /^\d{1,3}$/.test(bits) && Number(bits) <= most ? `${address}/${Number(bits)}` : null
}

/** Whether the address may come in: no network allows all, and an address that is not known is in none. */
export function isWithin(networks: readonly string[], address: string | undefined): boolean {
  if (networks.length === 0) return true
  const plain = plainAddress(address)
  if (plain === null) return false
  const list = new BlockList()
  for (const network of networks) {
    const [start = '', bits = ''] = network.split('/')
    list.addSubnet(start, Number(bits), isIPv4(start) ? 'ipv4' : 'ipv6')
  }
  return list.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6')
}

/** The network around an address that is enough to recognise where somebody asks from: 256 addresses of IPv4, a site of IPv6. */
export function networkAround(address: string | undefined): string | null {
  const plain = plainAddress(address)
  if (plain === null) return null
  if (isIPv4(plain)) return plain.replace(/\.\d+$/, '.0/24')
  // The first three groups of the address written out.
  const [head = '', tail = ''] = plain.toLowerCase().split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === '' ? [] : tail.split(':')
  const zeros = plain.includes('::') ? Array<string>(8 - before.length - after.length).fill('0') : []
  return `${[...before, ...zeros, ...after].slice(0, 3).join(':')}::/48`
}

/** IPv4 as it is, also where it comes in the clothes of IPv6. */
function plainAddress(address: string | undefined): string | null {
  const plain = (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  return isIP(plain) === 0 ? null : plain
}
