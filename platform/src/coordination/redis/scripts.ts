import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

export interface Script {
  text: string
  sha: string
}

/**
 * The scripts that run inside Redis, each in a file of `lua/`. Those of the semaphore may run when Redis is full, for what they keep is
 * small and everyone's; so may limits. What fills it, the memory, may not.
 */
export const scripts = {
  atOnce: toScript('allow-oom', ['clock.lua', 'at-once.lua']),
  change: semaphore('turns.lua', 'advance.lua', 'change.lua'),
  step: semaphore('turns.lua', 'advance.lua', 'step.lua'),
  cancel: semaphore('cancel.lua'),
  renew: semaphore('renew.lua'),
  watch: semaphore('watch.lua'),
  read: toScript('no-writes', ['head.lua', 'clock.lua', 'now.lua', 'read.lua']),
  append: toScript('', ['append.lua']),
  list: toScript('no-writes', ['list.lua']),
  limit: toScript('allow-oom', ['limit.lua']),
  publish: toScript('allow-oom', ['publish.lua']),
}

function semaphore(...files: string[]): Script {
  return toScript('allow-oom', ['head.lua', 'clock.lua', 'now.lua', 'semaphore.lua', ...files])
}

function toScript(flags: string, files: readonly string[]): Script {
  const parts = files.map((file) => readFileSync(new URL(`lua/${file}`, import.meta.url), 'utf8'))
  const text = [`#!lua${flags && ` flags=${flags}`}`, ...parts].join('\n')
  return { text, sha: createHash('sha1').update(text).digest('hex') }
}
