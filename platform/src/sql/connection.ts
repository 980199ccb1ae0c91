import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import type { SqlConnection } from './sql.ts'

const tlsModes = ['disable', 'require', 'verify-ca', 'verify-full'] as const
type TlsMode = (typeof tlsModes)[number]

const known = new Set(['host', 'user', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey'])

/**
 * The connection that an address such as `postgresql://user:password@host:5432/database?sslmode=verify-full` describes. `password` fills in for one
 * that the address leaves out; `postgresql:///database?host=/folder&user=name` is a Unix socket. `sslmode` means what it means to every PostgreSQL client: `require` encrypts and
 * asks nobody who the server is, `verify-full` does; `sslrootcert`, `sslcert` and `sslkey` name PEM files. Throws one sentence for what is no such
 * address; it never repeats the address, which may hold a password.
 */
export function toConnection(address: string, { password }: { password?: string | undefined } = {}): SqlConnection {
  const url = URL.parse(address)
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) throw new Error('is not a postgresql:// address')
  const unknown = [...url.searchParams.keys()].find((name) => !known.has(name))
  if (unknown) throw new Error(`has a parameter that is not known here: ${unknown}`)
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname).replace(/^\[|\]$/g, '')
  const database = decodeURIComponent(url.pathname.slice(1))
  const secret = decodeURIComponent(url.password) || password
  if (!host) throw new Error('names no host')
  const user = decodeURIComponent(url.username) || url.searchParams.get('user')
  if (!user) throw new Error('names no user')
  if (!database) throw new Error('names no database')
  return {
    host,
    port: Number(url.port) || 5432,
    user,
    database,
    application_name: 'passerelle',
    ...(secret && { password: secret }),
    ...toTls(url.searchParams),
  }
}

function toTls(parameters: URLSearchParams): { ssl?: ConnectionOptions } {
  const mode = requireMode(parameters.get('sslmode') ?? 'disable')
  if (mode === 'disable') return {}
  const ca = readPem(parameters, 'sslrootcert')
  const cert = readPem(parameters, 'sslcert')
  const key = readPem(parameters, 'sslkey')
  if (mode === 'verify-ca' && !ca) throw new Error('has sslmode=verify-ca and no sslrootcert to verify with')
  return {
    ssl: {
      // A certificate authority that was named is there to be asked.
      rejectUnauthorized: mode !== 'require' || ca !== undefined,
      ...(mode !== 'verify-full' && { checkServerIdentity: () => undefined }),
      ...(ca && { ca }),
      ...(cert && { cert }),
      ...(key && { key }),
    },
  }
}

function requireMode(text: string): TlsMode {
  const mode = tlsModes.find((known) => known === text)
  if (!mode) throw new Error(`has an sslmode that is none of ${tlsModes.join(', ')}`)
  return mode
}

function readPem(parameters: URLSearchParams, name: string): string | undefined {
  const file = parameters.get(name)
  if (!file) return undefined
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Error(`names a file for ${name} that cannot be read: ${file}`)
  }
}
