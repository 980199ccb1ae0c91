import type { Readiness } from '@passerelle/gateway'
import type { Platform } from '@passerelle/platform/subgraph'

/** Engines without which nobody is let in or nothing is kept; the others' absence only degrades. */
const needed = ['sql', 'jobs']
const patienceMs = 2_000

/** Whether somebody who is needed answers. */
export type Answers = () => Promise<boolean>

/** Asks every engine how it is; one that does not answer in time is down. */
export function readReadiness(platform: Platform): Promise<Readiness> {
  const { sql, jobs, vectors, graph, coordination, blobs, models, mail } = platform
  const engines = Object.entries({ sql, jobs, vectors, graph, coordination, blobs, models, mail })
  return askAll(Object.fromEntries(engines.map(([name, engine]) => [name, () => engineAnswers(engine)])), needed)
}

/** Asks everybody at once, by name. A process is ready when all whom it needs answer. */
export async function askAll(asked: Readonly<Record<string, Answers>>, all: readonly string[]): Promise<Readiness> {
  const engines = Object.fromEntries(
    await Promise.all(
      Object.entries(asked).map(async ([name, answers]) => [name, (await answers()) ? 'up' : 'down'] as const),
    ),
  )
  return { ready: all.every((name) => engines[name] === 'up'), engines }
}

/** Whether an engine answers in time. */
export async function engineAnswers(engine: { health(): Promise<void> }): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), patienceMs).unref())
  return Promise.race([
    engine.health().then(
      () => true,
      () => false,
    ),
    late,
  ])
}
