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
    /** A relation as read from one end: its direction changes the words. */
    relation: (relation: string, outgoing: boolean) =>
      known(`relation.${relation}.${outgoing ? 'out' : 'in'}`, relation.toLowerCase().replaceAll('_', ' ')),
  }
}
