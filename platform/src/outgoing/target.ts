import { isIP } from 'node:net'
import { isPublic } from './address.ts'
import type { AllowList } from './allow-list.ts'
import { OutgoingFailure } from './failure.ts'

/** Where a request goes once it has been looked at. */
export interface Target {
  url: URL
  /** Without the brackets of IPv6. */
  host: string
  port: number
  /** All of them may be asked; the connection goes to one of these and to no other. */
  addresses: readonly string[]
}

/** Every address of a name. */
export type Resolve = (host: string) => Promise<readonly string[]>

const longest = 2_000

/** Ports above 1023 at which something else than a web server listens, as browsers have them (fetch.spec.whatwg.org/#port-blocking), and of databases. */
const otherPorts = new Set([
  1719, 1720, 1723, 2049, 3306, 3659, 4045, 4190, 5060, 5061, 5432, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669,
  6679, 6697, 7687, 10_080, 11_211, 27_017,
])

/**
 * Looks at an address that a customer named: at what is written, and at every address that its name leads to. OutgoingFailure ADDRESS_REFUSED for one that
 * is not on the internet and not allowed by the installation, NAME_UNKNOWN for one that leads nowhere.
 */
export async function requireTarget(text: string, allow: AllowList, resolve: Resolve): Promise<Target> {
  const url = requireUrl(text)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const secure = url.protocol === 'https:'
  const port = Number(url.port) || (secure ? 443 : 80)
  const isAllowed = allow.holdsHost(url.hostname, port)
  // What no answer of a resolver could make good is not let through for want of one.
  if (!isAllowed && !allow.hasNetworks && isIP(host) === 0) requireOutside({ host, port, secure })
  const addresses = isIP(host) ? [host] : await resolve(host)
  if (addresses.length === 0) throw new OutgoingFailure('NAME_UNKNOWN', 'This name leads nowhere.')
  if (isAllowed || addresses.every(allow.holdsAddress)) return { url, host, port, addresses }
  // A name that leads to a good address and a bad one is meant to be asked twice.
  if (!addresses.every((address) => isPublic(address) || allow.holdsAddress(address))) throw refused(inside)
  requireOutside({ host, port, secure })
  return { url, host, port, addresses }
}

const inside = 'This address is not on the internet. An operator may allow it with PASSERELLE_OUTGOING_ALLOW.'

/** Names that the internet gives to nobody: of one label alone, and those kept for a machine or the network around it (RFC 6761, 6762, 8375; ICANN's `internal`). */
const ownName = /^[^.]+\.?$|(^|\.)(localhost|localdomain|local|internal|home\.arpa)\.?$/i

/** Refuses what is not a web server's on the internet by its name, scheme or port. */
function requireOutside({ host, port, secure }: Pick<Target, 'host' | 'port'> & { secure: boolean }): void {
  if (isIP(host) === 0 && ownName.test(host)) throw refused(inside)
  if (!secure) throw refused('Only addresses that begin with https:// are asked.')
  if ((port < 1024 && port !== 443) || otherPorts.has(port)) throw refused('No web server listens at this port.')
}

/** An absolute http or https address, written as it is read: nothing that a person takes for another host than a machine does. */
function requireUrl(text: string): URL {
  if (text.length > longest) throw refused(`An address has at most ${longest} characters.`)
  // A URL may hold no white space or control character; a parser drops them, so that two parsers may disagree.
  if (/[\s\\\p{Cc}]/u.test(text)) throw refused('This is not a web address.')
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol)) throw refused('This is not a web address.')
  if (url.username || url.password) throw refused('An address holds no user name and no password.')
  const isAddress = isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0
  if (isAddress && !url.hostname.startsWith('[') && !text.includes(`//${url.hostname}`))
    throw refused('An IP address is written in four decimal numbers.')
  return url
}

function refused(message: string): OutgoingFailure {
  return new OutgoingFailure('ADDRESS_REFUSED', message)
}
