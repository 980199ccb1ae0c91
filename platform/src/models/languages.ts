const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' })

/** ISO 639-1 codes by their English names in small letters: `french` is `fr`. */
const codes = new Map(
  Array.from({ length: 26 * 26 }, (_, index) => String.fromCharCode(97 + Math.floor(index / 26), 97 + (index % 26)))
    .map((code) => [names.of(code)?.toLowerCase(), code] as const)
    .filter((entry): entry is readonly [string, string] => entry[0] !== undefined),
)

/** The ISO 639-1 code of what a speech server calls a language: `fr`, `fr-FR`, `French`; null for anything else. */
export function toLanguageCode(said: string | null): string | null {
  const word = said?.trim().toLowerCase() ?? ''
  const code = /^([a-z]{2})(?:[-_]|$)/.exec(word)?.[1]
  return (code && names.of(code) ? code : codes.get(word)) ?? null
}
