import { readFileSync } from 'node:fs'
import type { SMTPTransportOptions } from 'nodemailer'

const known = new Set(['starttls', 'ca'])

/** An address of the sender's, alone or behind a name: `Passerelle <courrier@exemple.fr>`. */
const sender = /^(?:[^<>@\p{Cc}]{1,100} )?<?([^\s<>@"]+@[^\s<>@"]+\.[^\s<>@"]+)>?$/u

/** The address that messages are from; throws one sentence when there is none in it. */
export function requireSender(from: string): string {
  const address = sender.exec(from)?.[1]
  if (!address) throw new Error('is not an e-mail address, such as Passerelle <courrier@exemple.fr>')
  return address
}

/**
 * How to reach the mail server of an address such as `smtp://user@host:587` (`smtps://` speaks TLS from the first byte). `password` fills in for one
 * that the address leaves out. `starttls` is `required` with a user, whose password must not be read on the way, and `optional` without, unless told;
 * `off` never asks for it. `ca` names a PEM file to verify the server with. Throws one sentence for what is no such address, and never repeats it.
 */
export function toSmtp(address: string, { password }: { password?: string | undefined } = {}): SMTPTransportOptions {
  const url = URL.parse(address)
  if (!url || !/^smtps?:$/.test(url.protocol)) throw new Error('is not an smtp:// or smtps:// address')
  const unknown = [...url.searchParams.keys()].find((name) => !known.has(name))
  if (unknown) throw new Error(`has a parameter that is not known here: ${unknown}`)
  if (!url.hostname) throw new Error('names no host')
  const secure = url.protocol === 'smtps:'
  const user = decodeURIComponent(url.username)
  const pass = decodeURIComponent(url.password) || password
  if (user && !pass) throw new Error('names a user, and no password is set')
  const starttls = url.searchParams.get('starttls') ?? (user ? 'required' : 'optional')
  if (!/^(required|optional|off)$/.test(starttls))
    throw new Error('has a starttls that is none of required, optional, off')
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTLS: !secure && starttls === 'required',
    ignoreTLS: starttls === 'off',
    ...(user && pass && { auth: { user, pass } }),
    ...toTrust(url.searchParams.get('ca')),
  }
}

function toTrust(file: string | null): Pick<SMTPTransportOptions, 'tls'> {
  if (!file) return {}
  try {
    return { tls: { ca: readFileSync(file, 'utf8') } }
  } catch {
    throw new Error(`names a file for ca that cannot be read: ${file}`)
  }
}
