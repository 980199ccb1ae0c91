import { useI18n } from 'vue-i18n'
import type { AuditEntriesQuery } from '@/gql/graphql'

export type AuditLine = AuditEntriesQuery['auditEntries']['nodes'][number]

/** What is said of an entry of the audit log in the language of the person; a code that has no words is said as it is. */
export function useAuditWords() {
  const { t, te } = useI18n()

  function sayAction(action: string): string {
    return te(`auditAction.${action}`) ? t(`auditAction.${action}`) : action
  }

  function sayAuthor({ author, user, keyId }: AuditLine): string {
    if (author === 'KEY') return t('audit.key', { id: keyId ?? '' })
    if (author === 'SERVICE') return user?.name ?? t('audit.authors.SERVICE')
    const name = user?.name ?? t('audit.gone')
    return author === 'AI' ? t('audit.aiFor', { name }) : name
  }

  return { sayAction, sayAuthor }
}
