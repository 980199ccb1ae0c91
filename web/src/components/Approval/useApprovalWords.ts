import { useI18n } from 'vue-i18n'
import { useFormat } from '@/composables/useFormat'
import type { ApprovalRowFragment } from '@/gql/graphql'

/** What is said of an approval in the language of the person: the server says it in all of them. */
export function useApprovalWords() {
  const { t, locale } = useI18n()
  const format = useFormat()
  const say = (words: { fr: string; en: string }): string => (locale.value === 'en' ? words.en : words.fr)

  /** Who proposes it, in the middle of a sentence. */
  function proposerOf({ author, proposer, isMine }: ApprovalRowFragment): string {
    if (author === 'SERVICE') return t('approval.by.house')
    if (author === 'KEY') return t('approval.by.program')
    const name = isMine ? t('approval.by.you') : (proposer?.name ?? t('approval.by.colleague'))
    return author === 'AI' ? t('approval.by.ai', { name }) : name
  }

  /** Until when it can be decided. */
  function deadlineOf({ expiresAt }: ApprovalRowFragment): string {
    return t('approval.until', { when: format.value.dateTime(expiresAt) })
  }

  return { say, proposerOf, deadlineOf }
}
