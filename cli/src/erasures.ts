import { join } from 'node:path'
import type { Env } from './env/env.ts'

/** The list of what was erased. It lies beside the database, so that one that is put back from an older backup is erased again by it. */
export function erasuresFile({ erasuresFile: shared, dataFolder }: Pick<Env, 'erasuresFile' | 'dataFolder'>): string {
  return shared ?? join(dataFolder, 'erasures.jsonl')
}
