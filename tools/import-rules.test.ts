import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from './checks.ts'

let house: string
beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), 'passerelle-test-'))
  await cp(join(root, '.oxlintrc.json'), join(house, '.oxlintrc.json'))
})
afterAll(() => rm(house, { recursive: true, force: true }))

test.each([
  ['platform/src/jobs/jobs.ts', '@passerelle/documents', 'The platform knows no room'],
  ['platform/src/jobs/jobs.ts', '../../../gateway/src/index.ts', 'The platform knows no room'],
  ['subgraphs/documents/src/document.ts', '@passerelle/memory', 'Subgraphs meet in the graph or by facts'],
  [
    'subgraphs/documents/src/document.ts',
    '@passerelle/memory/src/entity.ts',
    'Subgraphs meet in the graph or by facts',
  ],
  ['subgraphs/documents/src/document.ts', '@passerelle/gateway', 'Subgraphs meet in the graph or by facts'],
  ['subgraphs/documents/src/document.ts', '../../memory/src/index.ts', 'A path must not leave its subgraph'],
  ['subgraphs/documents/src/document.store.ts', '@passerelle/memory', 'Subgraphs meet in the graph or by facts'],
  ['subgraphs/documents/src/document.store.ts', './document.graphql.ts', 'A store knows rows and nouns'],
  ['gateway/src/engine/plan.ts', '@passerelle/documents', 'The gateway knows no subgraph'],
  ['gateway/src/server.ts', '../../subgraphs/ai/src/index.ts', 'A path must not leave the gateway'],
  ['cli/src/all.ts', '@passerelle/documents/src/document.ts', 'Come in by the door'],
  ['cli/src/all.ts', '../../subgraphs/ai/src/index.ts', 'Come in by the door'],
  ['web/src/main.ts', '@passerelle/platform/ids', 'The web application talks to the server through GraphQL only'],
])('%s may not import %s', async (file, imported, message) => {
  expect(await lint(file, imported)).toContain(message)
})

test.each([
  ['platform/src/jobs/jobs.ts', '../sql/sql.ts'],
  ['subgraphs/documents/src/document.ts', '@passerelle/platform/sql'],
  ['subgraphs/documents/src/ingestion/read.ts', '../document.ts'],
  ['subgraphs/documents/src/document.store.ts', './document.ts'],
  ['gateway/src/server.ts', '@passerelle/platform/schema'],
  ['cli/src/all.ts', '@passerelle/documents'],
  ['cli/src/all.ts', '@passerelle/platform/sql'],
])('%s may import %s', async (file, imported) => {
  expect(await lint(file, imported)).toContain('Found 0 warnings and 0 errors.')
})

/** What oxlint says about a file at that place of the house that imports one thing. */
async function lint(file: string, imported: string): Promise<string> {
  await mkdir(dirname(join(house, file)), { recursive: true })
  await writeFile(join(house, file), `import { thing } from '${imported}'\nexport const other = thing\n`)
  const env = { ...process.env, OXLINT_TSGOLINT_PATH: join(root, 'node_modules/.bin/tsgolint') }
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint')
  const run = promisify(execFile)(process.execPath, [oxlint, '--quiet', file], { cwd: house, env })
  return run.then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout.replaceAll(/\s+│?\s*/g, ' '),
  )
}
