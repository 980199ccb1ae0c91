import { BlockList, isIP, isIPv4 } from 'node:net'
import { toPlain } from './address.ts'

/** What an installation lets its customers reach although it is not on the internet: its own n8n, say. */
export interface AllowList {
  /** Whether a request to this address may go, whatever its port. */
  holdsAddress(address: string): boolean
  /** Whether a request to this host and port may go, wherever the name leads. */
  holdsHost(host: string, port: number): boolean
  /** Whether a name may lead to something that is allowed, which only its addresses tell. */
  readonly hasNetworks: boolean
}

/**
 * Reads a list of networks (`10.1.0.0/16`, `fd00::/8`), addresses, and hosts with their port (`n8n:5678`), parted by commas or spaces. Throws a sentence that
 * names the entry at fault.
 */
export function toAllowList(text: string): AllowList {
  const networks = new BlockList()
  const hosts = new Set<string>()
  let hasNetworks = false
  for (const entry of text.split(/[\s,]+/).filter(Boolean)) {
    if (addNetwork(networks, entry)) hasNetworks = true
    else if (!addHost(hosts, entry)) throw new Error(`cannot take “${entry}” for a network or a host with its port`)
  }
  return {
    hasNetworks,
    holdsAddress(address) {
      const plain = toPlain(address)
      return plain !== null && networks.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6')
    },
    holdsHost: (host, port) => hosts.has(`${host.toLowerCase()}:${port}`),
  }
}

function addNetwork(networks: BlockList, entry: string): boolean {
  const [address = '', prefix, more] = entry.split('/')
  const family = isIP(address)
  if (family === 0 || more !== undefined) return false
  const most = family === 4 ? 32 : 128
  if (prefix !== undefined && !(/^\d{1,3}$/.test(prefix) && Number(prefix) <= most)) return false
  networks.addSubnet(address, prefix === undefined ? most : Number(prefix), family === 4 ? 'ipv4' : 'ipv6')
  return true
}

function addHost(hosts: Set<string>, entry: string): boolean {
  const [, host, port] = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+):(\d{1,5})$/i.exec(entry) ?? []
  if (!host || !port || Number(port) < 1 || Number(port) > 65_535) return false
  hosts.add(`${host.toLowerCase()}:${Number(port)}`)
  return true
}
