import type { Viewer } from '@passerelle/platform/schema'
import type { ReadGraph } from '@passerelle/platform/subgraph'
import { parse } from 'graphql'
import { z } from 'zod'
import { read } from '../ask/reading.ts'
import { unreadableDocument } from './hand-over.ts'

const documentOperation = parse('query HandOverDocument($id: ID!) { document(id: $id) { id } }')
const documentAnswer = z.object({ document: z.object({ id: z.string() }).nullable() })

/** The documents that a reply names, as who replies may read them; InvalidInput for one that they may not. */
export async function requireReadable(
  readGraph: ReadGraph,
  { viewer, documentIds, signal }: { viewer: Viewer; documentIds: readonly string[]; signal: AbortSignal },
): Promise<string[]> {
  const found = await Promise.all(
    documentIds.map(async (id) => {
      const data = await read(readGraph, { viewer, document: documentOperation, variables: { id }, signal })
      return documentAnswer.parse(data).document?.id ?? null
    }),
  )
  return found.map((id) => {
    if (id === null) throw unreadableDocument()
    return id
  })
}
