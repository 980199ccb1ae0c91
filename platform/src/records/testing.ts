import { GraphQLError } from 'graphql'
import { newId } from '../ids/ids.ts'
import type { ReadGraph } from '../subgraph/subgraph.ts'

/** The clients of some organisations, as a room that does not keep them finds them in the graph. */
export interface ClientBook {
  readGraph: ReadGraph
  /** Another client of the organisation; gives their id. */
  add(organizationId: string): string
  /** While set, every question is refused with this code. */
  refusal: 'FORBIDDEN' | 'ENGINE_UNAVAILABLE' | null
}

export function createClientBook(): ClientBook {
  const organizations = new Map<string, string>()
  const book: ClientBook = {
    refusal: null,
    add(organizationId) {
      const id = newId('cli')
      organizations.set(id, organizationId)
      return id
    },
    async readGraph({ viewer, variables }) {
      const { refusal: code } = book
      if (code) return { data: null, errors: [new GraphQLError(code, { extensions: { code } })] }
      const id = String(variables?.['id'])
      return { data: { client: organizations.get(id) === viewer.organizationId ? { id } : null } }
    },
  }
  return book
}
