import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Obstacle, prepare } from './child.mjs'
import { withLock } from './lock.mjs'

const NOT_SOURCES = new Set(['node_modules', 'dist'])

/**
 * Builds the web application into `web/dist` unless that build is of the same sources. `node` is the Node to build with,
 * `env` its environment. Throws an `Obstacle` with the builder's own words when the sources do not build.
 */
export async function buildWeb({ root, node, env }) {
  const web = join(root, 'web')
  const stamp = sourcesStamp(root)
  const built = join(web, 'dist/.built')
  const done = () => existsSync(built) && readFileSync(built, 'utf8') === stamp
  if (done()) return
  await withLock(join(root, '.cache/web.lock'), async () => {
    if (done()) return
    console.error('Building the web application (once for these sources) …')
    await runVite({ web, node, env })
    writeFileSync(built, stamp)
  })
}

function sourcesStamp(root) {
  const hash = createHash('sha256').update(readFileSync(join(root, 'pnpm-lock.yaml')))
  const guides = ['partner-quick-start.md', 'partner-quick-start.fr.md'].map((name) => join(root, 'docs', name))
  for (const file of [...listFiles(join(root, 'web')), ...guides])
    hash.update(relative(root, file)).update(readFileSync(file))
  return hash.digest('hex')
}

function listFiles(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !NOT_SOURCES.has(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? listFiles(join(folder, entry.name)) : [join(folder, entry.name)]))
}

async function runVite({ web, node, env }) {
  const args = [join(web, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn']
  const { code, output } = await prepare({ command: node, args, cwd: web, env })
  if (code !== 0) throw new Obstacle(`The web application does not build:\n${output.trim()}`)
}
