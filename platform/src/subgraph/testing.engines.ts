import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { inject } from 'vitest'
import { openGrafeo } from '../graph/grafeo.ts'
import type { Graph } from '../graph/graph.ts'
import { openNeo4j } from '../graph/neo4j.ts'
import type { Log } from '../log/log.ts'
import type { Sql } from '../sql/sql.ts'
import { openEmbeddedVectors } from '../vectors/embedded.ts'
import { openQdrantVectors } from '../vectors/qdrant/qdrant.ts'
import { dropQdrantIndex } from '../vectors/qdrant/qdrant.testing.ts'
import type { Vectors } from '../vectors/vectors.ts'

interface Opening {
  folder: string
  log: Log
}

/** The graph of one test file: the embedded one in its folder, or the Neo4j of this run, where each test's organisation is new. */
export async function openTestGraph({ folder, log }: Opening): Promise<Graph> {
  const { neo4j: url } = inject('engines')
  return url ? openNeo4j({ url, log }) : openGrafeo({ path: join(folder, 'graph.db'), log })
}

/** The search index of one test file: the embedded one, or one of its own in the Qdrant of this run, gone when it is closed. */
export async function openTestVectors({ folder, log, sql }: Opening & { sql: Sql }): Promise<Vectors> {
  const { qdrant: url } = inject('engines')
  if (!url) return openEmbeddedVectors({ sql, folder: join(folder, 'vectors'), log })
  const alias = `test-${randomUUID()}`
  const vectors = openQdrantVectors({ url, alias, log })
  return {
    ...vectors,
    async close() {
      await vectors.close()
      await dropQdrantIndex({ url }, alias)
    },
  }
}
