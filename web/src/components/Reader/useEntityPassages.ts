import { apollo } from '@/api/client'
import { EntityPlacesDocument } from '@/gql/graphql'
import { inReadingOrder, toPassage, type Passage } from './passages'

/** Mentions are read in pages of this size; beyond `maxPages` of them the rest of an entity's places stays unlit. */
const pageSize = 100
const maxPages = 10

/** The places of an entity in one document, in reading order. */
export async function findEntityPassages(entityId: string, documentId: string): Promise<Passage[]> {
  const found: Passage[] = []
  let after: string | null | undefined
  for (let page = 0; page < maxPages; page++) {
    const { data } = await apollo.query({
      query: EntityPlacesDocument,
      variables: { id: entityId, first: pageSize, after },
      fetchPolicy: 'no-cache',
    })
    const mentions = data.entity?.mentions
    found.push(...(mentions?.nodes ?? []).filter(({ document }) => document?.id === documentId).map(toPassage))
    if (!mentions?.pageInfo.hasNextPage) break
    after = mentions.pageInfo.endCursor
  }
  return inReadingOrder(found)
}
