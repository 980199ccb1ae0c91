import { BlockList, isIPv4 } from 'node:net'
import type { IncomingMessage } from 'node:http'

const near = new BlockList()
near.addSubnet('127.0.0.0', 8)
near.addSubnet('10.0.0.0', 8)
near.addSubnet('172.16.0.0', 12)
near.addSubnet('192.168.0.0', 16)
near.addAddress('::1', 'ipv6')
near.addSubnet('fc00::', 7, 'ipv6')

type Asked = Pick<IncomingMessage, 'headers' | 'socket'>

/** The network address of whoever asks; undefined for a connection that is gone. */
export type CallerOf = (request: Asked) => string | undefined

/** Who can ask from this machine can do worse than to claim another address. */
const loopback = ['127.0.0.0/8', '::1/128']

/** Whether the other end of the connection is this machine or one around it. */
export function isFromNear({ socket }: Pick<Asked, 'socket'>): boolean {
  return holds(near, socket.remoteAddress)
}

/**
 * Tells callers' addresses: what a believed proxy says last in `X-Forwarded-For`, else the other end of the connection. `proxies` are networks as CIDR
 * writes them, this machine alone unless told: whoever else is near could choose an address, and with it pass for another in limits, networks and audit.
 * The first from near that speaks for others and is not believed is told to `onUnnamed`: most likely it is a proxy that should be named.
 */
export function createCallerOf(
  proxies: readonly string[] = loopback,
  onUnnamed: (address: string) => void = () => {},
): CallerOf {
  const believed = new BlockList()
  for (const network of proxies) {
    const [start = '', bits = ''] = network.split('/')
    believed.addSubnet(start, Number(bits), isIPv4(start) ? 'ipv4' : 'ipv6')
  }
  let isTold = false
  return ({ headers, socket }) => {
    const forwarded = String(headers['x-forwarded-for'] ?? '')
    const said = forwarded.split(',').at(-1)?.trim()
    if (holds(believed, socket.remoteAddress)) return said ? withoutPort(said) : socket.remoteAddress
    if (said && !isTold && isFromNear({ socket })) {
      isTold = true
      onUnnamed(socket.remoteAddress ?? '')
    }
    return socket.remoteAddress
  }
}

/** Some proxies say the port of the caller, which is another for each connection: `203.0.113.7:50211`, `[2001:db8::1]:50211`. */
function withoutPort(said: string): string {
  return /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(said)?.[1] ?? /^\[([^\]]+)\](?::\d+)?$/.exec(said)?.[1] ?? said
}

/** An IPv4 address also where it comes in the clothes of IPv6. */
function holds(networks: BlockList, address = ''): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  return networks.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6')
}
