import type { EntityType } from '@passerelle/platform/graph'
import { InvalidInput } from '@passerelle/platform/schema'
import type { EntityFilter } from './entity.store.ts'

const maxSearch = 200

/** The filter of a list of entities, checked. An empty list of types matches nothing. */
export function requireFilter(args: {
  search?: string | null | undefined
  types?: readonly EntityType[] | null | undefined
}): EntityFilter {
  const search = args.search?.trim() ?? ''
  if (search.length > maxSearch) throw new InvalidInput(`A search has at most ${maxSearch} characters.`, ['search'])
  return { ...(search !== '' && { search }), ...(args.types && { types: args.types }) }
}
