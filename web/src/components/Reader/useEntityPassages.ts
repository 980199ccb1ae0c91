import { apollo } from '@/api/client'
import { EntityPlacesDocument } from '@/gql/graphql'
import { inReadingOrder, toPassage, type Passage } from './passages'

/** The places of an entity in one document, in reading order, page after page of the list. */
export async function findEntityPassages(entityId: string, documentId: string): Promise<Passage[]> {
  const found: Passage[] = []
  let after: string | null | undefined
  do {
    const { data } = await apollo.query({
      query: EntityPlacesDocument,
      variables: { id: entityId, documentId, after },
      fetchPolicy: 'no-cache',
    })
    const mentions = data.entity?.mentions
    found.push(...(mentions?.nodes ?? []).map(toPassage))
    after = mentions?.pageInfo.hasNextPage ? mentions.pageInfo.endCursor : null
  } while (after)
  return inReadingOrder(found)
}
