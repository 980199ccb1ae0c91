import { useI18n } from 'vue-i18n'
import { useFormat } from '@/composables/useFormat'
import type { ModelRowFragment } from '@/gql/graphql'

/** How models and their measures are written. */
export function useModelWords() {
  const { t, te } = useI18n()
  const format = useFormat()
  return {
    provider: (name: string): string => (te(`modelProvider.${name}`) ? t(`modelProvider.${name}`) : name),
    skills: ({ skills }: Pick<ModelRowFragment, 'skills'>): string =>
      skills.map((skill) => t(`modelSkill.${skill}`)).join(', '),
    /** `7B · Q4_K_M · 32 768 jetons de contexte`, as far as the server says. */
    make({ parameters, quantization, contextLength }: ModelRowFragment): string {
      const context =
        contextLength === null ? null : t('models.context', { tokens: format.value.number(contextLength) })
      return [parameters, quantization, context].filter(Boolean).join(' · ')
    },
    /** Of video memory, given in MiB; in the unit that a model's own size is told in. */
    memory: (mib: number): string => format.value.bytes(mib * 2 ** 20),
  }
}
