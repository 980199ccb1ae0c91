import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../../web/dist/', import.meta.url))

/** Where the built web application is; null when it has not been built. */
export function findWebFolder(): string | null {
  return existsSync(folder) ? folder : null
}
