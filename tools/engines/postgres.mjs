import { execFileSync } from 'node:child_process'
import { chownSync, readdirSync, rmSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { Obstacle, prepare } from '../child.mjs'
import { findProgram, installPackage } from './debian.mjs'
import { startPooler } from './pgbouncer.mjs'
import { freePort, startServer } from './server.mjs'

const debian = '/usr/lib/postgresql'

/** Debian keeps the server's programs off the PATH, by version. */
const folders = () => {
  try {
    return readdirSync(debian)
      .toSorted()
      .toReversed()
      .map((version) => join(debian, version, 'bin'))
  } catch {
    return []
  }
}

/** The folder of the server's programs. */
export async function fetchPostgres() {
  const program = findProgram('initdb', folders()) ?? (await installPackage('postgresql', 'initdb', folders))
  return dirname(program)
}

/**
 * Starts an empty PostgreSQL on a free port of this machine, and a pooler before it where there is one. Answers the address of its superuser, the
 * pooler's, and how to stop both.
 */
export async function startPostgres(programs, folder) {
  const port = await freePort()
  const data = join(folder, 'data')
  const asUser = notAsRoot(folder)
  const { code, output } = await prepare(
    asUser(join(programs, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8']),
  )
  if (code !== 0) throw new Obstacle(`PostgreSQL makes no cluster:\n${output}`)
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    fsync: 'off',
    max_connections: '300',
  }
  const args = [
    '-D',
    data,
    '-p',
    String(port),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
  const server = await startServer({ name: 'PostgreSQL', port, ...asUser(join(programs, 'postgres'), args) })
  const pooler = await startPooler({ folder, port, asUser })
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    variables: pooler ? { SQL_TEST_POOL_URL: pooler.url } : {},
    async stop() {
      await pooler?.stop()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** PostgreSQL refuses to run as root: then its own account does. */
function notAsRoot(folder) {
  if (userInfo().uid !== 0) return (command, args) => ({ command, args })
  const id = (flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  chownSync(folder, id('-u'), id('-g'))
  return (command, args) => ({
    command: 'setpriv',
    args: ['--reuid=postgres', '--regid=postgres', '--clear-groups', command, ...args],
  })
}
