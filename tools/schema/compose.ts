import { composeServices, transformSupergraphToPublicSchema } from '@theguild/federation-composition'
import { buildASTSchema, lexicographicSortSchema, parse, printSchema } from 'graphql'

export interface Composed {
  supergraphSdl: string
  /** What clients see, sorted, so that a change of order is no change. */
  apiSdl: string
}

/** The subgraphs do not fit together; `problems` are the composition's own words. */
export class CompositionFailed extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super('The subgraphs do not compose.')
    this.problems = problems
  }
}

/** Composes subgraphs, each given by its SDL. Throws CompositionFailed. */
export function compose(subgraphs: ReadonlyMap<string, string>): Composed {
  const result = composeServices([...subgraphs].map(([name, sdl]) => ({ name, typeDefs: parse(sdl) })))
  if (result.supergraphSdl === undefined) throw new CompositionFailed(result.errors.map((error) => error.message))
  const apiSchema = buildASTSchema(transformSupergraphToPublicSchema(parse(result.supergraphSdl)))
  return {
    supergraphSdl: `${result.supergraphSdl.trim()}\n`,
    apiSdl: `${printSchema(lexicographicSortSchema(apiSchema)).trim()}\n`,
  }
}
