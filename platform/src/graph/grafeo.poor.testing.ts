import { closeSync, openSync } from 'node:fs'
import { createLog } from '../log/log.ts'
import { openGrafeo } from './grafeo.ts'

/** A process that has used up its file descriptors but some: opens the graph, and says how that went. */
const [path = '', spare = '0'] = process.argv.slice(2)
const log = createLog({ name: 'poor', level: 'silent' })
const taken: number[] = []
try {
  for (;;) taken.push(openSync('/dev/null', 'r'))
} catch {
  for (const descriptor of taken.splice(0, Number(spare))) closeSync(descriptor)
}
const opened = await openGrafeo({ path, log }).then(
  () => 'opened',
  (error: unknown) => (error instanceof Error ? error.name : String(error)),
)
for (const descriptor of taken) closeSync(descriptor)
process.stdout.write(opened)
process.exit()
