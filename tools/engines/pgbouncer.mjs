import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram } from './debian.mjs'
import { freePort, startServer } from './server.mjs'

/**
 * Starts a pooler in transaction mode before the PostgreSQL at `port`, in its folder, where pgbouncer is installed; undefined elsewhere. `asUser` says
 * how to run a program as the account that may. Answers the pooler's address and how to stop it.
 */
export async function startPooler({ folder, port, asUser }) {
  const program = findProgram('pgbouncer', ['/usr/sbin'])
  if (!program) return undefined
  const own = await freePort()
  const [settings, users] = [join(folder, 'pgbouncer.ini'), join(folder, 'users.txt')]
  const text = `[databases]
* = host=127.0.0.1 port=${port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${own}
unix_socket_dir =
auth_type = trust
auth_file = ${users}
pool_mode = transaction
default_pool_size = 8
max_client_conn = 500
server_login_retry = 1
`
  writeFileSync(settings, text, { mode: 0o644 })
  writeFileSync(users, ['postgres', 'passerelle_app'].map((name) => `"${name}" ""\n`).join(''), { mode: 0o644 })
  const { stop } = await startServer({ name: 'pgbouncer', port: own, ...asUser(program, [settings]) })
  return { url: `postgresql://postgres@127.0.0.1:${own}/postgres`, stop }
}
