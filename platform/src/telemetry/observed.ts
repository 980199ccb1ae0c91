import { EngineUnavailable, Refusal } from '../schema/refusals.ts'
import { engineSeconds } from './metrics.ts'
import { traced } from './tracing.ts'

/**
 * The same engine, which tells how long each of its verbs takes and whether it fails, to whoever collects figures and traces; also those of its parts
 * (`memory.get`). What answers at once, and what goes on after it has answered (streams, subscriptions), is not timed.
 */
export function observed<Engine extends object>(engine: string, port: Engine): Engine {
  return observe({ engine, prefix: '' }, port)
}

function observe<Part extends object>({ engine, prefix }: { engine: string; prefix: string }, port: Part): Part {
  const verbs = new Map<PropertyKey, unknown>()
  return new Proxy(port, {
    get(target, name, receiver) {
      const known = verbs.get(name)
      if (known) return known
      const value: unknown = Reflect.get(target, name, receiver)
      if (name === 'close') return value
      const verb = `${prefix}${String(name)}`
      const told = isPart(value)
        ? observe({ engine, prefix: `${verb}.` }, value)
        : typeof value === 'function'
          ? tell({ engine, verb, run: value.bind(target) as Run })
          : value
      verbs.set(name, told)
      return told
    },
  })
}

/** A part of a port is a plain object of its verbs. */
function isPart(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
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
