import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What each generated file has to hold, by its path from the root. */
export type GeneratedFiles = ReadonlyMap<string, string>

/** The files that are missing or say something else. */
export function driftedFiles(root: string, files: GeneratedFiles): string[] {
  return [...files].filter(([path, content]) => readIfThere(join(root, path)) !== content).map(([path]) => path)
}

/** Writes those that drifted, and no other, so that nothing is built again without need. */
export function writeFiles(root: string, files: GeneratedFiles): string[] {
  const drifted = driftedFiles(root, files)
  for (const path of drifted) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), files.get(path) ?? '')
  }
  return drifted
}

export function readIfThere(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}
