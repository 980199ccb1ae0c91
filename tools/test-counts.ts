import type { SerializedError } from 'vitest'
import type { Reporter, TestCase, TestModule, TestRunEndReason } from 'vitest/node'

export type Counts = {
  passed: number
  failed: number
  skipped: number
  notRun: string[]
  /** What passed when it was tried again, where that is asked for: to be looked into, not to be lived with. */
  flaky: string[]
}

/**
 * Counts a test run so that nothing that went wrong is missed: a file that cannot be loaded, a hook that throws, a test that never
 * ended, an error that nobody caught and a run that was cut short each count as a failure.
 */
export function createCounter(): Reporter & { counts: Counts } {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0, notRun: [], flaky: [] }
  return {
    counts,
    onTestRunEnd(
      modules: ReadonlyArray<TestModule>,
      unhandled: ReadonlyArray<SerializedError>,
      reason: TestRunEndReason,
    ) {
      for (const module of modules) countModule(module, counts)
      counts.failed += unhandled.length
      if (reason === 'interrupted') counts.failed += 1
    },
  }
}

function countModule(module: TestModule, counts: Counts): void {
  counts.failed += module.errors().length
  for (const suite of module.children.allSuites()) counts.failed += suite.errors().length
  for (const test of module.children.allTests()) countTest(test, counts)
}

function countTest(test: TestCase, counts: Counts): void {
  const result = test.result()
  if (result.state === 'passed') {
    counts.passed += 1
    if (test.diagnostic()?.flaky) counts.flaky.push(`${test.module.relativeModuleId}: ${test.fullName}`)
  } else if (result.state === 'skipped') {
    counts.skipped += 1
    counts.notRun.push(
      `${test.module.relativeModuleId}: ${test.fullName}: ${result.note ?? 'skipped without a reason'}`,
    )
  } else counts.failed += 1
}

/** The one line that says how a run ended, for people and for programs. */
export function summarise({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
