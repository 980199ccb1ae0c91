import { BlockList } from 'node:net'
import type { IncomingMessage } from 'node:http'

const near = new BlockList()
near.addSubnet('127.0.0.0', 8)
near.addSubnet('10.0.0.0', 8)
near.addSubnet('172.16.0.0', 12)
near.addSubnet('192.168.0.0', 16)
near.addAddress('::1', 'ipv6')
near.addSubnet('fc00::', 7, 'ipv6')

type Asked = Pick<IncomingMessage, 'headers' | 'socket'>

/** Whether the other end of the connection is this machine or one around it. */
export function isFromNear({ socket }: Pick<Asked, 'socket'>): boolean {
  const { remoteAddress: address = '', remoteFamily } = socket
  const plain = address.replace(/^::ffff:/, '')
  return near.check(plain, remoteFamily === 'IPv6' && plain === address ? 'ipv6' : 'ipv4')
}

/**
 * The network address of whoever asks: what a proxy near this machine says last of it, else the other end of the connection. Undefined for a
 * connection that is gone.
 */
export function callerOf(request: Asked): string | undefined {
  const said = isFromNear(request)
    ? String(request.headers['x-forwarded-for'] ?? '')
        .split(',')
        .at(-1)
        ?.trim()
    : ''
  return said || request.socket.remoteAddress
}
