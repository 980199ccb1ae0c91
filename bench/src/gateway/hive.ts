import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../../.cache/peers/hive/', import.meta.url))

/** Two of its dependencies ask for a version that was never published. */
const manifest = {
  name: 'hive-peer',
  private: true,
  type: 'module',
  dependencies: {
    '@graphql-hive/gateway-runtime': '2.12.1',
    '@graphql-mesh/transport-http': '1.2.1',
    graphql: '16.15.0',
  },
  overrides: { '@graphql-tools/delegate': '12.2.1', '@graphql-tools/wrap': '11.2.1' },
}

/** Installs the peer beside the workspace, which has no use for it otherwise; answers the file to import. */
export function installHive(): string {
  const entry = `${folder}node_modules/@graphql-hive/gateway-runtime/dist/index.js`
  if (!existsSync(entry)) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${folder}package.json`, JSON.stringify(manifest))
    execFileSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' })
  }
  return entry
}
