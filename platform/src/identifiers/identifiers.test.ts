import { describe, expect, test } from 'vitest'
import { generate, printed, seeded, withOneWrongDigit } from './generate.testing.ts'
import { findIdentifiers, identifierKinds, normaliseIdentifier, type IdentifierKind } from './identifiers.ts'

const labels: Partial<Record<IdentifierKind, string>> = {
  SIREN: 'N° SIREN : ',
  SIRET: 'SIRET : ',
  GTIN: 'Code EAN : ',
  SSCC: 'SSCC : ',
  CONTAINER: 'Conteneur : ',
  TRACKING_NUMBER: 'N° de suivi : ',
  IBAN: 'IBAN : ',
  VAT: 'N° TVA intracommunautaire : ',
}
const checked = identifierKinds.filter((kind) => kind in generate) as (keyof typeof generate)[]

function keysOf(text: string, kind: IdentifierKind): string[] {
  return findIdentifiers(text).flatMap((found) => (found.kind === kind ? [found.key] : []))
}

describe.each(checked)('%s', (kind) => {
  test('keeps a valid number and refuses it with one wrong digit', () => {
    const random = seeded(7)
    for (let round = 0; round < 300; round++) {
      const value = generate[kind](random)
      expect(normaliseIdentifier(kind, value)).toBe(value)
      const wrong = withOneWrongDigit(value, random)
      expect([wrong, normaliseIdentifier(kind, wrong)]).toEqual([wrong, null])
    }
  })

  test('is the same key however its groups, spaces and case are printed', () => {
    const random = seeded(11)
    for (let round = 0; round < 300; round++) {
      const value = generate[kind](random)
      const shown = printed(value, random)
      expect([shown, normaliseIdentifier(kind, shown)]).toEqual([shown, value])
      expect(normaliseIdentifier(kind, value.toLowerCase())).toBe(value)
    }
  })

  test('is found after its label in any printed form, with its place', () => {
    const random = seeded(13)
    for (let round = 0; round < 300; round++) {
      const value = generate[kind](random)
      const shown = printed(value, random)
      const text = `Transports Durand\n${labels[kind]}${shown}\n44000 Nantes`
      const found = findIdentifiers(text).find((identifier) => identifier.kind === kind)
      expect([text, found?.key, found?.printed]).toEqual([text, value, shown])
      expect(text.slice(found?.start, found?.end)).toBe(shown)
    }
  })

  test('gives nothing at all for a labelled number with a wrong digit', () => {
    const random = seeded(17)
    for (let round = 0; round < 300; round++) {
      const wrong = withOneWrongDigit(generate[kind](random), random)
      expect(findIdentifiers(`${labels[kind]}${wrong}, merci.`)).toEqual([])
      expect(findIdentifiers(`${labels[kind]}\n${wrong}\nMerci.`)).toEqual([])
    }
  })
})

test('a bare number that announces itself is found inside a sentence', () => {
  const random = seeded(19)
  for (let round = 0; round < 200; round++) {
    for (const kind of ['IBAN', 'VAT', 'CONTAINER', 'TRACKING_NUMBER', 'SIRET', 'SSCC', 'GTIN'] as const) {
      const value = generate[kind](random)
      expect([value, keysOf(`Merci de vérifier ${value} avant ce soir.`, kind)]).toEqual([value, [value]])
    }
  }
})

test('a SIRET and a French VAT number also give the company behind them, at the same place', () => {
  expect(
    findIdentifiers('SIRET 787 495 019 00095').map(({ kind, key, printed: shown, derivedFrom }) => [
      kind,
      key,
      shown,
      derivedFrom,
    ]),
  ).toEqual([
    ['SIRET', '78749501900095', '787 495 019 00095', undefined],
    ['SIREN', '787495019', '787 495 019 00095', 'SIRET'],
  ])
  expect(keysOf('TVA FR17 787 495 019', 'SIREN')).toEqual(['787495019'])
  expect(keysOf('TVA FR17 787 495 018', 'SIREN')).toEqual([])
})

test('La Poste’s branches are checked by their own rule', () => {
  expect(normaliseIdentifier('SIRET', '356 000 000 00048')).toBe('35600000000048')
  expect(normaliseIdentifier('SIRET', '356 000 000 49837')).toBe('35600000049837')
  expect(normaliseIdentifier('SIRET', '356 000 000 49838')).toBeNull()
})

test('VAT numbers of every member state are checked by their own rule', () => {
  const valid = (
    'ATU13585627 BE0403019261 BG175074752 CY10259033P CZ25123891 DE136695976 DK13585628 EE100931558 EL094259216 ESB58378431 FI20774740 ' +
    'FR40303265045 HR33392005961 HU12892312 IE6433435F IE6433435OA IT00743110157 LT119511515 LT100001919017 LU15027442 LV40003521600 ' +
    'MT11679112 NL004495445B01 PL8567346215 PT501964843 RO18547290 SE123456789701 SI50223054 SK2022749619 XI980780684'
  ).split(' ')
  for (const value of valid) {
    expect([value, normaliseIdentifier('VAT', value)]).toEqual([value, value])
    expect([value, keysOf(`VAT number: ${value}.`, 'VAT')]).toEqual([value, [value]])
    const wrong = value.replace(value.startsWith('NL') ? /\d(?=B)/ : /\d(?=\D*$)/, (digit) =>
      String((Number(digit) + 1) % 10),
    )
    expect([wrong, normaliseIdentifier('VAT', wrong)]).toEqual([wrong, null])
  }
  expect(normaliseIdentifier('VAT', 'BE 403.019.261')).toBe('BE0403019261')
  expect(normaliseIdentifier('VAT', 'GR094259216')).toBe('EL094259216')
})

test('two digits changed places are noticed wherever the check digit can notice them', () => {
  expect(normaliseIdentifier('SIREN', '732829320')).toBe('732829320')
  expect(normaliseIdentifier('SIREN', '738229320')).toBeNull()
  expect(normaliseIdentifier('CONTAINER', 'CSQU3054383')).toBe('CSQU3054383')
  expect(normaliseIdentifier('CONTAINER', 'CSQU3045383')).toBeNull()
  expect(normaliseIdentifier('IBAN', 'GB82WEST12345698765432')).toBe('GB82WEST12345698765432')
  expect(normaliseIdentifier('IBAN', 'GB82WEST12345698765423')).toBeNull()
  expect(normaliseIdentifier('TRACKING_NUMBER', '1Z999AA10123456784')).toBe('1Z999AA10123456784')
  expect(normaliseIdentifier('TRACKING_NUMBER', '1Z999AA10123456785')).toBeNull()
})
