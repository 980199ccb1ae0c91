import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Addresses of the engines that take the place of the embedded ones in this run, where there are such. */
    engines: { neo4j?: string; qdrant?: string }
  }
}

/** Tells the tests of the Neo4j of `NEO4J_TEST_URL` and the Qdrant of `QDRANT_TEST_URL`; each test works in an organisation, or an index, of its own there. */
export default function setup(project: TestProject): void {
  const { NEO4J_TEST_URL, QDRANT_TEST_URL } = process.env
  project.provide('engines', {
    ...(NEO4J_TEST_URL && { neo4j: NEO4J_TEST_URL }),
    ...(QDRANT_TEST_URL && { qdrant: QDRANT_TEST_URL }),
  })
}
