import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Obstacle, prepare } from '../child.mjs'

/** Where a program is on the PATH, or in one of these folders; undefined when it is not. */
export function findProgram(name, folders = []) {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), ...folders]) {
    const file = join(folder, name)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {}
  }
}

/**
 * Installs one of Debian's packages, which takes its administrator, without starting what it would start; answers where its program is,
 * on the PATH or in the `folders` that are there then.
 */
export async function installPackage(name, program, folders) {
  if (!findProgram('apt-get') || process.getuid?.() !== 0)
    throw new Obstacle(
      `there is no ${program} on this machine, and it takes Debian and its administrator to install one`,
    )
  // The packages' own services would take the usual ports: a script that says no keeps them from starting.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', name],
  ]) {
    const { code, output } = await prepare({ command: 'apt-get', args, env })
    if (code !== 0) throw new Obstacle(`${name} could not be installed:\n${output.slice(-2_000)}`)
  }
  const found = findProgram(program, folders?.())
  if (!found) throw new Obstacle(`${name} brought no ${program}`)
  return found
}
