import { readdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { askDatabase } from '../inside.ts'
import type { Passerelle } from '../passerelle.ts'

/** Resolves when it is time to kill a verb, or when that has ended. */
export type Moment = (ended: AbortSignal) => Promise<void>

/** As soon as there is a file in the folder whose path matches. */
export function fileIn(folder: string, path: RegExp): Moment {
  return until(async () => {
    const names = await readdir(folder, { recursive: true }).catch(() => [])
    return names.some((name) => path.test(name))
  })
}

/** As soon as a statement answers rows in the database of the house, whoever has started it. */
export function rowsOf(house: Passerelle, text: string): Moment {
  return until(async () => (await askDatabase(house, text).catch(() => [])).length > 0)
}

function until(isThere: () => Promise<boolean>): Moment {
  return async (ended) => {
    while (!ended.aborted && !(await isThere())) await sleep(1)
  }
}

/** Kills the verb at each of the moments, one after the other, and looks at what it left. Answers the moments at which it was at work. */
export async function killEach(
  house: Passerelle,
  words: readonly string[],
  { moments, look }: { moments: Readonly<Record<string, Moment>>; look: (moment: string) => Promise<void> },
): Promise<string[]> {
  const cutShort: string[] = []
  for (const [name, moment] of Object.entries(moments)) {
    if ((await house.killVerb(words, moment)).code !== null) continue
    cutShort.push(name)
    await look(name)
  }
  return cutShort
}
