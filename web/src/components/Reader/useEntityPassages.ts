import { apollo } from '@/api/client'
import { EntityPlacesDocument, type MentionRelation } from '@/gql/graphql'
import { inReadingOrder, toPassage, type Passage } from './passages'

interface EntityPassages {
  passages: Passage[]
  relation: MentionRelation
}

const strongest: readonly MentionRelation[] = ['WRITTEN_BY', 'ABOUT']

/** The places of an entity in one document, in reading order, all pages of the list, and the most that one of them says of it. */
export async function findEntityPassages(entityId: string, documentId: string): Promise<EntityPassages> {
  const found: Passage[] = []
  const relations = new Set<MentionRelation>()
  let after: string | null | undefined
  do {
    const { data } = await apollo.query({
      query: EntityPlacesDocument,
      variables: { id: entityId, documentId, after },
      fetchPolicy: 'no-cache',
    })
    const mentions = data.entity?.mentions
    for (const { relation } of mentions?.nodes ?? []) relations.add(relation)
    found.push(...(mentions?.nodes ?? []).map(toPassage))
    after = mentions?.pageInfo.hasNextPage ? mentions.pageInfo.endCursor : null
  } while (after)
  return {
    passages: inReadingOrder(found),
    relation: strongest.find((relation) => relations.has(relation)) ?? 'MENTIONS',
  }
}
