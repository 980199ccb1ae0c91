import { statusOf, type QdrantCalls } from './calls.ts'

/** How a collection lies on a cluster; changed by filling another one. */
export interface QdrantLayout {
  shards: number
  replicas: number
}

export const sparseVector = 'terms'

const payloadIndexes = {
  organization_id: { type: 'keyword', is_tenant: true },
  collection: { type: 'keyword' },
  document_id: { type: 'keyword' },
  content_type: { type: 'keyword' },
  kind: { type: 'keyword' },
  created_at: { type: 'integer', lookup: false, range: true },
  written: { type: 'integer', lookup: false, range: true },
} as const

/** Makes a collection with its indexes. Each step can be repeated, by this process after a crash and by others at the same time. */
export async function createCollection(calls: QdrantCalls, name: string, layout: QdrantLayout): Promise<void> {
  await unlessThere(() =>
    calls((client) =>
      client.createCollection(name, {
        vectors: {},
        sparse_vectors: { [sparseVector]: { modifier: 'idf' } },
        shard_number: layout.shards,
        replication_factor: layout.replicas,
        write_consistency_factor: Math.floor(layout.replicas / 2) + 1,
        on_disk_payload: true,
        // Every search is within one organisation: graphs over each one's points, none over all.
        hnsw_config: { m: 0, payload_m: 16 },
      }),
    ),
  )
  for (const [field_name, field_schema] of Object.entries(payloadIndexes))
    await calls((client) => client.createPayloadIndex(name, { field_name, field_schema, wait: true }))
}

/** Lets be what somebody else has made meanwhile. */
export async function unlessThere(create: () => Promise<unknown>): Promise<void> {
  try {
    await create()
  } catch (error) {
    const status = statusOf(error)
    if (status !== 409 && !(status === 400 && messageOf(error).includes('already exists'))) throw error
  }
}

/** What Qdrant says is wrong; empty when it is not Qdrant that says so. */
export function messageOf(error: unknown): string {
  return error instanceof Error && 'data' in error ? JSON.stringify(error.data) : ''
}
