import { expect, test } from 'vitest'
import type { TwoOrganizations } from './two-organizations.ts'

/** Ids are also taken inside an answer, by lists that are told what to leave out. */
export function nestedIdCases(two: () => TwoOrganizations): void {
  test('an id of another organisation inside an answer finds what one finds that nobody has: nothing', async () => {
    const { we, ours, theirs } = two()
    const { document } = await we.ask<{ document: { entities: { nodes: { id: string }[] } } }>(
      `query ($id: ID!) { document(id: $id) { entities(first: 1) { nodes { id } } } }`,
      { id: ours.document },
    )
    const mentions = async (documentId: string): Promise<number | undefined> => {
      const { entity } = await we.ask<{ entity: { mentions: { totalCount: number } } | null }>(
        `query ($id: ID!, $documentIds: [ID!]) { entity(id: $id) { mentions(documentIds: $documentIds) { totalCount } } }`,
        { id: document.entities.nodes[0]?.id, documentIds: [documentId] },
      )
      return entity?.mentions.totalCount
    }
    expect(await mentions(ours.document)).toBeGreaterThan(0)
    for (const id of [...Object.values(theirs), 'doc_00000000000000000000000000000000'])
      expect(await mentions(id)).toBe(0)
  })
}
