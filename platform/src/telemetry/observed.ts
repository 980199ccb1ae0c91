import { EngineUnavailable, Refusal } from '../schema/refusals.ts'
import { engineSeconds } from './metrics.ts'
import { traced } from './tracing.ts'

/**
 * The same engine, which tells how long each of its verbs takes and whether it fails, to whoever collects figures and traces. What answers at
 * once, and what goes on after it has answered (streams, subscriptions), is not timed.
 */
export function observed<Engine extends object>(engine: string, port: Engine): Engine {
  const verbs = new Map<PropertyKey, unknown>()
  return new Proxy(port, {
    get(target, verb, receiver) {
      const known = verbs.get(verb)
      if (known) return known
      const value: unknown = Reflect.get(target, verb, receiver)
      if (typeof value !== 'function' || verb === 'close') return value
      const told = tell({ engine, verb: String(verb), run: value.bind(target) as Run })
      verbs.set(verb, told)
      return told
    },
  })
}

type Run = (...given: unknown[]) => unknown

function tell({ engine, verb, run }: { engine: string; verb: string; run: Run }): Run {
  const attributes = { 'passerelle.engine': engine, 'passerelle.verb': verb }
  return (...given) =>
    traced(`${engine}.${verb}`, { kind: 'client', attributes }, () => {
      const since = performance.now()
      const end = (outcome: string): void =>
        engineSeconds.observe({ engine, verb, outcome }, (performance.now() - since) / 1000)
      const result = run(...given)
      if (!(result instanceof Promise)) return result
      return result.then(
        (value: unknown) => {
          end('done')
          return value
        },
        (error: unknown) => {
          end(outcomeOf(error))
          throw error
        },
      )
    })
}

/** A refusal is an answer; only an engine that does not answer is away. */
function outcomeOf(error: unknown): string {
  if (error instanceof EngineUnavailable) return 'away'
  return error instanceof Refusal ? 'refused' : 'failed'
}
