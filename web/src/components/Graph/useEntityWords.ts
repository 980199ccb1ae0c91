import { useI18n } from 'vue-i18n'
import type { EntityType } from '@/gql/graphql'

/** Words for types, kinds and relations of the knowledge graph. */
export function useEntityWords() {
  const { t, te } = useI18n()
  const known = (key: string, otherwise: string) => (te(key) ? t(key) : otherwise)

  return {
    type: (type: EntityType) => t(`entityType.${type}`),
    /** The kind where there is one, the type otherwise: "SIRET" says more than "identifier". */
    kind: ({ type, kind }: { type: EntityType; kind?: string | null }) =>
      kind ? known(`entityKind.${kind}`, kind) : t(`entityType.${type}`),
    /** A relation without its direction: "travaille pour, ou emploie" is one link. */
    linked: (relation: string) => known(`explore.linked.${relation}`, relation.toLowerCase().replaceAll('_', ' ')),
    /** What a document says of an entity: written by it, about it. */
    said: (relation: string) => known(`explore.said.${relation}`, relation.toLowerCase().replaceAll('_', ' ')),
    /** What happened to a record: created, changed, or the status it came to. */
    change: (what: string) =>
      known(`explore.changes.${what}`, known(`shipmentStatus.${what}`, what.toLowerCase().replaceAll('_', ' '))),
    /** A relation as read from one end: its direction changes the words. */
    relation: (relation: string, outgoing: boolean) =>
      known(`relation.${relation}.${outgoing ? 'out' : 'in'}`, relation.toLowerCase().replaceAll('_', ' ')),
  }
}
