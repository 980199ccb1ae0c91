import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chooseLanguage } from '.'
import firstEnglish from './en'
import laterEnglish from './en/later'
import portalEnglish from './en/portal'
import firstFrench from './fr'
import laterFrench from './fr/later'
import portalFrench from './fr/portal'

const source = join(import.meta.dirname, '..')

function flatten(messages: object, prefix = ''): Map<string, string> {
  const entries = Object.entries(messages).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string'
      ? [[`${prefix}${name}`, value] as const]
      : [...flatten(value as object, `${prefix}${name}.`)],
  )
  return new Map(entries)
}

const fr = { ...firstFrench, ...laterFrench, ...portalFrench }
const french = flatten(fr)
const english = flatten({ ...firstEnglish, ...laterEnglish, ...portalEnglish })
const code = globSync('**/*.{vue,ts}', {
  cwd: source,
  exclude: (name) => name === 'gql' || name === 'fr' || name === 'en' || name.endsWith('.test.ts'),
})
  .map((file) => readFileSync(join(source, file), 'utf8'))
  .join('\n')

const root = Object.keys(fr).join('|')
const whole = new Set([...code.matchAll(new RegExp(`'((?:${root})\\.[\\w.]+)'`, 'g'))].map((match) => match[1] ?? ''))
/** Keys made of a fixed beginning and a value: `stage.${stage}`. */
const beginnings = [...code.matchAll(new RegExp(`\`((?:${root})\\.(?:\\w+\\.)*)\\$\\{`, 'g'))].map(
  (match) => match[1] ?? '',
)

describe('the words of the app', () => {
  it('are the same keys in French and in English', () => {
    expect([...english.keys()].toSorted()).toEqual([...french.keys()].toSorted())
  })

  it('take the same values and have the same plural forms in both', () => {
    const shape = (text: string) =>
      [...text.matchAll(/\{\w+\}/g)]
        .map(([name]) => name)
        .filter((name) => name !== '{n}')
        .toSorted()
    for (const [key, text] of french) {
      expect(shape(english.get(key) ?? ''), key).toEqual(shape(text))
      expect((english.get(key) ?? '').split(' | ').length, key).toBe(text.split(' | ').length)
    }
  })

  it('all exist', () => {
    expect([...whole].filter((key) => !french.has(key))).toEqual([])
    for (const beginning of beginnings)
      expect(
        [...french.keys()].some((key) => key.startsWith(beginning)),
        beginning,
      ).toBe(true)
  })

  it('are all used', () => {
    expect(
      [...french.keys()].filter((key) => !whole.has(key) && !beginnings.some((beginning) => key.startsWith(beginning))),
    ).toEqual([])
  })
})

describe('the language', () => {
  it.each([
    [['en-GB', 'fr'], 'en'],
    [['de', 'fr-CA', 'en'], 'fr'],
    [['de', 'es'], 'fr'],
    [[], 'fr'],
  ] as const)('for a browser that prefers %j is %s', (preferred, expected) => {
    expect(chooseLanguage(preferred)).toBe(expected)
  })
})
