/**
 * `npm test [file or vitest option …]`: the checks, then every test. Says at the end what could not run here and why (a test says so
 * with vitest's `skip(reason)`), and in its last line how many tests passed, failed and were skipped. A check that fails counts as
 * one failed test.
 */
import { parseCLI, startVitest } from 'vitest/node'
import { root, runChecks } from './checks.ts'
import { createCounter, summarise } from './test-counts.ts'
import { buildWeb } from './web.mjs'

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)])
const { counts, ...reporter } = createCounter()
const isPart = filter.length > 0 || options.project !== undefined

if (!isPart) counts.failed += (await runChecks()).length
try {
  if (!isPart || [options.project].flat().includes('tests'))
    await buildWeb({ root, node: process.execPath, env: process.env })
  const vitest = await startVitest(filter, { ...options, root, watch: false, reporters: ['default', reporter] })
  await vitest.close()
} catch (error) {
  console.error(error)
  counts.failed += 1
}

if (counts.notRun.length > 0) console.log(`Not run here:\n${counts.notRun.map((line) => `  ${line}`).join('\n')}`)
if (counts.flaky.length > 0)
  console.log(`Passed when tried again:\n${counts.flaky.map((line) => `  ${line}`).join('\n')}`)
console.log(summarise(counts))
process.exit(counts.failed > 0 ? 1 : 0)
