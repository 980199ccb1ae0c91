import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { failureText, houseFailures } from './run-failure'

const root = join(import.meta.dirname, '../../../../..')
const sources = [
  'platform/src/outgoing/failure.ts',
  'platform/src/outgoing/target.ts',
  'subgraphs/tenancy/src/workflow-runs/workflow-run-start.ts',
  'subgraphs/tenancy/src/workflow-runs/workflow-run-report.ts',
  'subgraphs/tenancy/src/workflow-runs/workflow-run.ts',
].map((path) => readFileSync(join(root, path), 'utf8'))

it.each(Object.keys(houseFailures))('the house says “%s” as it is looked for', (sentence) =>
  expect(sources.some((source) => source.includes(`'${sentence}'`))).toBe(true),
)

it('what the house says is told in the language of the person, what a workflow says as it said it', () => {
  const t = (key: string) => `<${key}>`
  expect(failureText('No result came in time.', t)).toBe('<workflows.failure.NO_RESULT>')
  expect(failureText('404 The workflow is not registered', t)).toBe('404 The workflow is not registered')
})
