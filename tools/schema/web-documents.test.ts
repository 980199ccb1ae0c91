import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kind, concatAST, getOperationAST, parse, separateOperations, type DocumentNode } from 'graphql'
import { expect, test } from 'vitest'
import { createDocuments } from '../../gateway/src/documents.ts'
import { openEngine } from '../../gateway/src/engine/engine.ts'
import { openLimits } from '../../gateway/src/limits/check.ts'

const root = join(import.meta.dirname, '../..')
const files = globSync('web/src/**/*.graphql', { cwd: root })
const everything = concatAST(files.map((file) => parse(readFileSync(join(root, file), 'utf8'))))
const operations = Object.entries(separateOperations(everything))

const problems: unknown[] = []
const engine = openEngine({
  supergraphSdl: readFileSync(join(root, 'graph-schema/supergraph.graphql'), 'utf8'),
  executors: {},
  // Without executors every subgraph fails; what has no subgraph is a fault of planning.
  onFailure: ({ error, subgraph }) => (subgraph === null ? problems.push(error) : undefined),
})
const limits = openLimits(engine.apiSchema)
const documents = createDocuments(engine.apiSchema, limits)

/** Values of the largest kind a client sends, so that the limits see pages as large as they are asked. */
function variablesOf(document: DocumentNode): Record<string, unknown> {
  const variables: Record<string, unknown> = {}
  for (const { variable, type } of getOperationAST(document)?.variableDefinitions ?? []) {
    const named = type.kind === Kind.NON_NULL_TYPE ? type.type : type
    const typeName = named.kind === Kind.NAMED_TYPE ? named.name.value : null
    if (typeName === 'Int') variables[variable.name.value] = 100
    if (typeName === 'ID' || typeName === 'String') variables[variable.name.value] = 'x'
  }
  return variables
}

test.each(operations)('%s of the web application is within the limits and can be planned', async (_, document) => {
  const variables = variablesOf(document)
  expect(documents.faultsOf(document)).toEqual([])
  expect(limits.check({ document, variables })).toEqual([])
  const operation = { document, variables, viewer: null, requestId: 'req_1', signal: new AbortController().signal }
  const isSubscription = getOperationAST(document)?.operation === 'subscription'
  await (isSubscription ? engine.subscribe(operation) : engine.execute(operation))
  expect(problems.splice(0)).toEqual([])
})
