import type { Readiness } from '@passerelle/gateway'
import type { Platform } from '@passerelle/platform/subgraph'

/** Engines without which nobody is let in or nothing is kept; the others' absence only degrades. */
const needed = ['sql', 'jobs']
const patienceMs = 2_000

/** Asks every engine how it is; one that does not answer in time is down. */
export async function readReadiness(platform: Platform): Promise<Readiness> {
  const { sql, jobs, vectors, graph, coordination, blobs, models, mail } = platform
  const asked = Object.entries({ sql, jobs, vectors, graph, coordination, blobs, models, mail })
  const engines = Object.fromEntries(
    await Promise.all(asked.map(async ([name, engine]) => [name, await engineAnswers(engine)] as const)),
  )
  return { ready: needed.every((name) => engines[name] === 'up'), engines }
}

/** Whether an engine answers in time. */
export async function engineAnswers(engine: { health(): Promise<void> }): Promise<'up' | 'down'> {
  const late = new Promise<'down'>((resolve) => setTimeout(() => resolve('down'), patienceMs).unref())
  return Promise.race([
    engine.health().then(
      () => 'up' as const,
      () => 'down' as const,
    ),
    late,
  ])
}
