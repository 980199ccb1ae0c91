import { spawn } from 'node:child_process'
import { join } from 'node:path'

const API_PORT = '4000'

/** Serves the web application from its sources, on Vite's port, with the API of the server that is started beside it. */
export function startVite({ root, node, env }) {
  const web = join(root, 'web')
  const api = `http://127.0.0.1:${env.PORT || API_PORT}`
  return spawn(node, [join(web, 'node_modules/vite/bin/vite.js')], {
    cwd: web,
    env: { ...env, PASSERELLE_API: api },
    stdio: 'inherit',
  })
}
