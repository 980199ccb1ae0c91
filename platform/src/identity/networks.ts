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

/** The network around an address that is enough to recognise where somebody asks from: 256 addresses of IPv4, a site of IPv6. Null for what is no address. */
export function networkAround(address: string | undefined): string | null {
  const plain = plainAddress(address)
  if (plain === null) return null
  return isIPv4(plain) ? plain.replace(/\.\d+$/, '.0/24') : `${groupsOf(plain).slice(0, 3).join(':')}::/48`
}

/** What is counted as one place: an address of IPv4, the half of one of IPv6 that a subscriber has whole. Callers without an address are counted together. */
export function placeOf(address: string | undefined): string {
  if (address === undefined) return 'unknown'
  const plain = plainAddress(address)
  if (plain === null) return address.slice(0, 64)
  return isIPv4(plain) ? plain : `${groupsOf(plain).slice(0, 4).join(':')}::/64`
}

/** The eight groups of an address of IPv6, written out without zeros in front. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.toLowerCase().split('::')
  const before = head.split(':').filter(Boolean)
  const after = (tail ?? '').split(':').filter(Boolean)
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0')
  return [...before, ...zeros, ...after].map((group) => group.replace(/^0+(?=.)/, ''))
}

/** IPv4 as it is, also where it comes in the clothes of IPv6. */
function plainAddress(address: string | undefined): string | null {
  const plain = (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  return isIP(plain) === 0 ? null : plain
}
