import { newId } from '@passerelle/platform/ids'
import type { Viewer } from '@passerelle/platform/schema'
import type { ReadGraph } from '@passerelle/platform/subgraph'
import { openTestTenancy, type TestTenancy } from '../tenancy.testing.ts'

/** A client whom the graph knows, of one organisation. */
export interface KnownClient {
  id: string
  organizationId: string
  name: string
  email: string | null
}

/** Tenancy beside a graph that knows the clients of some organisations, to whoever may read records. */
export interface TestClientAccess extends TestTenancy {
  /** Writes down a client of the viewer's organisation. */
  know(viewer: Viewer, given?: Partial<KnownClient>): KnownClient
}

export async function openTestClientAccess(): Promise<TestClientAccess> {
  const known: KnownClient[] = []
  const readGraph: ReadGraph = async ({ viewer, variables }) => {
    const mine = known.filter(
      ({ organizationId }) => organizationId === viewer.organizationId && viewer.scopes.includes('record:read'),
    )
    const search = variables?.['search']
    return {
      data: {
        client: mine.find(({ id }) => id === variables?.['id']) ?? null,
        clients: { nodes: mine.filter(({ email, name }) => email === search || name === search) },
      },
    }
  }
  const town = await openTestTenancy({ readGraph })
  return {
    ...town,
    know({ organizationId }, given = {}) {
      const client = { id: newId('cli'), organizationId, name: 'Mme Martin', email: null, ...given }
      known.push(client)
      return client
    },
  }
}
