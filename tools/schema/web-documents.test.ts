import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kind, getOperationAST, type DocumentNode } from 'graphql'
import { expect, test } from 'vitest'
import { createDocuments } from '../../gateway/src/documents.ts'
import { openEngine } from '../../gateway/src/engine/engine.ts'
import { openLimits } from '../../gateway/src/limits/check.ts'
import { nameOfDocument } from './web-documents.ts'

const root = join(import.meta.dirname, '../..')
const sent = JSON.parse(readFileSync(join(root, 'graph-schema/web-documents.json'), 'utf8')) as Record<string, string>

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

const known = Object.entries(sent).map(([name, text]) => {
  const document = documents.fromText(text)
  return { name, text, operation: 'kind' in document ? getOperationAST(document)?.name?.value : undefined, document }
})

test('the gateway keeps every document of the web application under the hash of its text', () => {
  const names = JSON.parse(readFileSync(join(root, 'graph-schema/operations.json'), 'utf8')) as string[]
  expect(new Set(known.map(({ operation }) => operation))).toEqual(new Set(names))
  for (const { name, text } of known) expect(nameOfDocument(text)).toBe(name)
})

test.each(known)('$operation of the web application is within the limits and can be planned', async ({ document }) => {
  if (!('kind' in document)) throw new Error(document.map(({ message }) => message).join('\n'))
  const variables = variablesOf(document)
  const { faults, cost } = limits.check({ document, variables })
  expect(faults).toEqual([])
  // A session may do so some hundred times a minute, with pages as large as can be.
  expect(cost).toBeLessThan(10_000)
  const operation = { document, variables, viewer: null, requestId: 'req_1', signal: new AbortController().signal }
  const isSubscription = getOperationAST(document)?.operation === 'subscription'
  await (isSubscription ? engine.subscribe(operation) : engine.execute(operation))
  expect(problems.splice(0)).toEqual([])
})
