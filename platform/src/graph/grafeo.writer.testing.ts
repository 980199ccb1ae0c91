import { createLog } from '../log/log.ts'
import { document } from './facts.testing.ts'
import { openGrafeo } from './grafeo.ts'

/** A process to be killed: writes one document after the other from the given number on, and says so when each is acknowledged. */
const [path = '', first = '0'] = process.argv.slice(2)
const graph = await openGrafeo({ path, log: createLog({ name: 'writer', level: 'warn' }) })
for (let number = Number(first); ; number++) {
  const words = Array.from({ length: 40 }, (_, index) => `e${(number * 7 + index) % 500}`)
  await graph.recordDocument('org_a', document(String(number), words))
  await graph.setApplied('org_a', 'documents', String(number))
  process.stdout.write(`${number}\n`)
}
