import { readFileSync, readdirSync } from 'node:fs'

const folder = new URL('../../../cypher/', import.meta.url)

/** The text of every verb of `cypher/`, by file name without its ending. Read once; a verb is changed by a restart. */
export const cypherVerbs: ReadonlyMap<string, string> = readFolder(folder)

/** Analysts' questions, by file name; they only read. */
export const cypherExplorations: ReadonlyMap<string, string> = readFolder(new URL('exploration/', folder))

/** The statements that prepare an empty engine, each repeatable. */
export const cypherConstraints: readonly string[] = [...readFolder(new URL('constraints/', folder)).values()]

/** The same for Neo4j, whose writers are many and whose indexes know their label. */
export const neo4jConstraints: readonly string[] = [...readFolder(new URL('constraints/neo4j/', folder)).values()]

function readFolder(url: URL): Map<string, string> {
  const files = readdirSync(url, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith('.cypher'),
  )
  return new Map(
    files.map(({ name }) => [name.slice(0, -'.cypher'.length), readFileSync(new URL(name, url), 'utf8').trim()]),
  )
}
