import { BlockList, isIP } from 'node:net'

const inside = new BlockList()
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  inside.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  inside.addSubnet(network, prefix, 'ipv6')

/**
 * Whether a host of this name lies outside the house, as its name tells: loopback and private addresses, `.local`, `.internal` and names without
 * a dot, which no public name is, lie inside. It is not looked up: what a public name leads to can change.
 */
export function isOutside(hostname: string): boolean {
  const host = hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase()
  const family = isIP(host)
  if (family !== 0) return !inside.check(host, family === 4 ? 'ipv4' : 'ipv6')
  return !(host === 'localhost' || /\.(localhost|local|internal)$/.test(host) || !host.includes('.'))
}
