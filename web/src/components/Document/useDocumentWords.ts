import { useI18n } from 'vue-i18n'

/** Words for what the server names by code: failures and kinds of documents. */
export function useDocumentWords() {
  const { t, te } = useI18n()

  function failure(error: { code: string; message: string }): string {
    const key = `failure.${error.code}`
    return te(key) ? t(key) : error.message
  }

  function kind(code: string): string {
    const key = `kind.${code.toUpperCase().replaceAll(/[\s-]+/g, '_')}`
    return te(key) ? t(key) : code
  }

  function languageName(code: string): string {
    const key = `language.${code.slice(0, 2).toLowerCase()}`
    return te(key) ? t(key) : code
  }

  return { failure, kind, languageName }
}
