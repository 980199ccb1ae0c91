/** Where Redis is, as COORDINATION_URL says it. */
export interface RedisAddress {
  /** One server, or some of a cluster, which names the others. */
  hosts: { host: string; port: number }[]
  cluster: boolean
  tls: boolean
  username: string | undefined
  password: string | undefined
  db: number
}

const FORM = /^(redis|rediss|redis-cluster|rediss-cluster):\/\/(?:([^@]*)@)?([^/?#@]+)\/?(\d*)$/

/**
 * Reads `redis://user:password@host:6379/0`, `rediss://…` with TLS, and `redis-cluster://host:6379,host:6380`, `rediss-cluster://…`. Answers
 * null when it is none of them. A password of its own goes before the address's.
 */
export function toRedisAddress(url: string, secret?: string): RedisAddress | null {
  const [, scheme = '', credentials, list = '', db = ''] = FORM.exec(url) ?? []
  const cluster = scheme.endsWith('-cluster')
  const hosts = list.split(',').flatMap((name) => toHost(name) ?? [])
  const isWhole = hosts.length === list.split(',').length && (cluster ? db === '' : hosts.length === 1)
  if (!scheme || !isWhole) return null
  try {
    const [username, password] = toCredentials(credentials)
    return { hosts, cluster, tls: scheme.startsWith('rediss'), username, password: secret ?? password, db: Number(db) }
  } catch {
    return null
  }
}

function toHost(name: string): { host: string; port: number } | null {
  const [, host = '', port = '6379'] = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(name) ?? []
  return host && Number(port) > 0 && Number(port) < 65_536
    ? { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
    : null
}

/** Throws URIError when a percent sign stands for nothing. */
function toCredentials(text: string | undefined): [string | undefined, string | undefined] {
  if (!text) return [undefined, undefined]
  const colon = text.indexOf(':')
  const [username, password] = colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)]
  return [username ? decodeURIComponent(username) : undefined, password && decodeURIComponent(password)]
}
