/**
 * Writes what follows from the subgraphs' schemas: graph-schema/, and the typed documents of the web application.
 *
 *   npm run codegen                        writes; refuses a change that would break clients
 *   npm run codegen -- --accept-breaking   writes it all the same
 *   npm run codegen -- --check             writes nothing; fails when a file is not what the subgraphs say
 */
import { join } from 'node:path'
import { buildSchema } from 'graphql'
import { subgraphs } from './cli/src/subgraphs.ts'
import { contracts } from './platform/src/schema/schema.ts'
import { breakingChanges } from './tools/schema/breaking.ts'
import { CompositionFailed, compose } from './tools/schema/compose.ts'
import { departuresFrom } from './tools/schema/contract.ts'
import { driftedFiles, readIfThere, writeFiles } from './tools/schema/files.ts'
import { operationNames } from './tools/schema/operation-names.ts'
import { composeContract, untellable } from './tools/schema/contracts.ts'
import { toSubgraphSdl } from './tools/schema/subgraph-sdl.ts'
import { spreadTags } from './tools/schema/tags.ts'
import { webTypes } from './tools/schema/web-types.ts'

const root = import.meta.dirname
const options = new Set(process.argv.slice(2))

try {
  process.exitCode = (await run()) ? 0 : 1
} catch (error) {
  const problems =
    error instanceof CompositionFailed ? error.problems : [error instanceof Error ? error.message : String(error)]
  say('This cannot be generated:', problems)
  process.exitCode = 1
}

async function run(): Promise<boolean> {
  const sdls = spreadTags(new Map(subgraphs.map(({ name, schema }) => [name, toSubgraphSdl(schema)])), contracts)
  const { supergraphSdl, apiSdl } = compose(sdls)
  const contractSdls = new Map(contracts.map((tag) => [`graph-schema/${tag}.graphql`, composeContract(sdls, tag)]))
  const files = new Map([...sdls].map(([name, sdl]) => [`graph-schema/${name}.graphql`, sdl]))
  files.set('graph-schema/supergraph.graphql', supergraphSdl).set('graph-schema/api.graphql', apiSdl)
  for (const [path, sdl] of contractSdls) files.set(path, sdl)
  files.set('graph-schema/operations.json', `${JSON.stringify(operationNames(root), null, 2)}\n`)
  const isKept = keepsContract(apiSdl) && tellsAll(apiSdl, contractSdls)
  if (options.has('--check')) {
    for (const [path, content] of await webTypes(root, apiSdl)) files.set(path, content)
    const drifted = driftedFiles(root, files)
    if (drifted.length > 0)
      say('These files are not what the subgraphs say; run `npm run codegen` and commit them:', drifted)
    return isKept && drifted.length === 0
  }
  const published = new Map([['graph-schema/api.graphql', apiSdl], ...contractSdls])
  if (!options.has('--accept-breaking') && (await breaks(published))) return false
  const written = writeFiles(root, files)
  written.push(...writeFiles(root, await webTypes(root, apiSdl)))
  say(written.length > 0 ? 'Written:' : 'Everything was up to date.', written)
  return isKept
}

function keepsContract(apiSdl: string): boolean {
  const contract = readIfThere(join(root, 'graph-schema/contract.graphql'))
  if (contract === null) throw new Error('graph-schema/contract.graphql is missing.')
  const departures = departuresFrom(buildSchema(contract), buildSchema(apiSdl))
  if (departures.length > 0) say('The API departs from graph-schema/contract.graphql:', departures)
  return departures.length === 0
}

function tellsAll(apiSdl: string, contractSdls: ReadonlyMap<string, string>): boolean {
  const api = buildSchema(apiSdl)
  const lost = [...contractSdls].flatMap(([path, sdl]) =>
    untellable(api, buildSchema(sdl)).map((what) => `${path}: ${what}`),
  )
  if (lost.length > 0)
    say('Callers would be answered with nothing; tag these types for them, or take the field back:', lost)
  return lost.length === 0
}

async function breaks(next: ReadonlyMap<string, string>): Promise<boolean> {
  const broken: string[] = []
  for (const [path, sdl] of next) {
    const published = readIfThere(join(root, path))
    const changes = published === null ? [] : await breakingChanges(published, sdl)
    broken.push(...changes.map((change) => `${path}: ${change}`))
  }
  if (broken.length > 0) say('This would break clients; deprecate first, or say --accept-breaking:', broken)
  return broken.length > 0
}

function say(what: string, items: readonly string[]): void {
  console.log([what, ...items.map((item) => `  ${item}`)].join('\n'))
}
