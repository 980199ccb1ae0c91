import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** What IANA's special-purpose registry keeps from the internet, and the addresses at which clouds tell a machine its secrets. */
const reserved: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Azure's, which looks like any other.
  ['168.63.129.16', 32],
]

/** Of the one range that IPv6 gives out: what is not somebody's, or stands for an address of another kind. */
const reserved6: readonly [string, number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
]

const refused = new BlockList()
for (const [net, prefix] of reserved) refused.addSubnet(net, prefix, 'ipv4')
for (const [net, prefix] of reserved6) refused.addSubnet(net, prefix, 'ipv6')
const given = new BlockList()
given.addSubnet('2000::', 3, 'ipv6')

/** True for an address that is somebody's on the internet; an IPv6 address that carries one of IPv4 is what it carries. */
export function isPublic(address: string): boolean {
  const plain = toPlain(address)
  if (plain === null) return false
  if (isIPv4(plain)) return !refused.check(plain, 'ipv4')
  return given.check(plain, 'ipv6') && !refused.check(plain, 'ipv6')
}

/** The address, or the IPv4 one inside it (mapped, or behind NAT64); null for what is none, or of one link only. */
export function toPlain(address: string): string | null {
  if (isIPv4(address)) return address
  if (!isIPv6(address) || address.includes('%')) return null
  const groups = toGroups(address)
  const prefix = groups.slice(0, 6).join(':')
  return prefix === '0:0:0:0:0:ffff' || prefix === '64:ff9b:0:0:0:0' ? toIPv4(groups) : address
}

function toGroups(address: string): string[] {
  // A URL writes every notation of an address in one way.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const before = head.split(':').filter(Boolean)
  const after = (tail ?? '').split(':').filter(Boolean)
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
}

function toIPv4(groups: readonly string[]): string {
  const parts = groups.slice(6).map((group) => Number.parseInt(group, 16))
  return parts.flatMap((part) => [part >> 8, part & 255]).join('.')
}
