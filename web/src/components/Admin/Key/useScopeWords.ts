import { useI18n } from 'vue-i18n'

/** Scopes and what they are about in people's words; one without words is called by its name. */
export function useScopeWords() {
  const { t, te } = useI18n()
  const words = (key: string, otherwise: string): string => (te(key) ? t(key) : otherwise)
  return {
    scope: (scope: string) => words(`scope.${scope.replace(':', '_')}`, scope),
    noun: (noun: string) => words(`keys.noun.${noun}`, noun),
  }
}
