import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Settings } from './passerelle.ts'

/** The program that operators run. */
export const main = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url))

/** What a process of the house gets of this one's environment, and what it says: errors alone, unless told. */
export function environment(settings: Settings): Settings {
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE = '' } = process.env
  return { PATH, HOME, NODE_COMPILE_CACHE, LOG_LEVEL: 'error', ...settings }
}

/** What a verb prints that ends by itself; rejects with all that it said when it ends otherwise than in order. */
export async function runToEnd(verb: string[], settings: Settings): Promise<string> {
  const child = spawn(process.execPath, [main, ...verb], {
    env: environment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  let complaint = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`passerelle ${verb.join(' ')} ended with ${code}: ${said}${complaint}`)
  return said
}
