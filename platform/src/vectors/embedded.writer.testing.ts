import { createLog } from '../log/log.ts'
import { openSql, type SqlConnection } from '../sql/sql.ts'
import { openEmbeddedVectors } from './embedded.ts'
import { inSpace, point } from './points.testing.ts'

/** A process to be killed: writes one document of five points after the other from the given number on, and says so when each is acknowledged. */
const [connection = '', folder = '', first = '0'] = process.argv.slice(2)
const vectors = await openEmbeddedVectors({
  sql: openSql(JSON.parse(connection) as SqlConnection),
  folder,
  log: createLog({ name: 'writer', level: 'warn' }),
})
for (let number = Number(first); ; number++) {
  const points = [1, 2, 3, 4, 5].map((part) =>
    point(`${number}_${part}`, `all doc${number} word${part}`, {
      documentId: `doc_${number}`,
      dense: inSpace(number + 1, part, 1),
    }),
  )
  await vectors.upsert('org_a', 'documents', points)
  process.stdout.write(`${number}\n`)
}
