import { describe, expect, test } from 'vitest'
import { findIdentifiers } from './find.ts'
import { generate, seeded } from './generate.testing.ts'

function found(text: string): string[] {
  return findIdentifiers(text).flatMap(({ kind, key, derivedFrom }) => (derivedFrom ? [] : [`${kind} ${key}`]))
}

describe('references that have no check digit', () => {
  test.each([
    ['Facture n° 2024/0012 du 12/03/2024', ['INVOICE_NUMBER 2024/0012']],
    ['Facture : FA 2024 5738', ['INVOICE_NUMBER FA-2024-5738']],
    ['FACTURE N°FA00012', ['INVOICE_NUMBER FA00012']],
    ['N° de avoir\nINV/2024/05726', ['INVOICE_NUMBER INV/2024/05726']],
    ['correspondant à la facture FA-2023–3564, et joignons', ['INVOICE_NUMBER FA-2023-3564']],
    ['N° de suivi : TRK-2024-0001', ['TRACKING_NUMBER TRK20240001']],
    ['envoi 6A 54740 51221 6', ['TRACKING_NUMBER 6A54740512216']],
    ['LTA 057-12345675', ['TRACKING_NUMBER 05712345675']],
    ['CMR 9405756', ['TRACKING_NUMBER 9405756']],
    ['1Z 999 AA1 01 2345 6784', ['TRACKING_NUMBER 1Z999AA10123456784']],
    ['N° d’enregistrement : 44109 000123 AB', ['REGISTRATION_NUMBER 44109000123AB']],
    ['Immatriculation : 1234 AB 44', ['PLATE 1234-AB-44']],
    ['Tracteur AB123CD, remorque EF-456-GH', ['PLATE AB-123-CD', 'PLATE EF-456-GH']],
  ])('are found behind their label: %s', (text, expected) => {
    expect(found(text)).toEqual(expected)
  })

  test.each([
    'Facture du 12/03/2024 de 387,12 €',
    'Facture 2024',
    'Facturé à Garage Müller',
    'facture-00.pdf',
    'Colis n° 3 enfoncé',
    'Nombre de colis : 12, poids 1200 kg',
    'convention CMR du 19 mai 1956',
    'LTA 057-12345676',
    'les colis et 2024-12',
    'factures du 12 et 13 mars',
    'le 100 de trop',
    'AB 123 CD',
  ])('are not read into other words: %s', (text) => {
    expect(found(text)).toEqual([])
  })
})

describe('telephone numbers and e-mail addresses', () => {
  test.each([
    ['Tél. 02 40 12 34 56', 'PHONE +33240123456'],
    ['Tel: 0240.12 34.56', 'PHONE +33240123456'],
    ['+33 (0)2 40 12 34 56', 'PHONE +33240123456'],
    ['(+33) 6 12 34 56 78', 'PHONE +33612345678'],
    ['0033 6-12-34-56-78', 'PHONE +33612345678'],
    ['Call +49 89 636-48018', 'PHONE +498963648018'],
    ['écrire à Jean.Dupont+colis@Exemple.FR.', 'EMAIL jean.dupont+colis@exemple.fr'],
    ['<mailto:a@b.co>', 'EMAIL a@b.co'],
  ])('are found however they are printed: %s', (text, expected) => {
    expect(found(text)).toEqual([expected])
  })

  test.each(['01.02.03.04.05.06', '99 99 99 99 99', 'N° client 0240123456', 'a@b', 'jean@-exemple.fr', '@compte'])(
    'are not made of anything else: %s',
    (text) => {
      expect(found(text)).toEqual([])
    },
  )
})

describe('one number is one thing', () => {
  const random = seeded(23)
  const [iban, siret, gtin, siren] = [
    generate.IBAN(random),
    generate.SIRET(random),
    generate.GTIN(random),
    generate.SIREN(random),
  ]

  test('an IBAN is not also a telephone number, an article or a company', () => {
    expect(found(`IBAN ${iban.replace(/.{4}/g, '$& ')}– BIC AGRIFRPP887`)).toEqual([`IBAN ${iban}`])
  })

  test('a label decides what a number is', () => {
    expect(found(`N° client : ${siret}`)).toEqual([])
    expect(found(`Commande n° ${gtin}`)).toEqual([])
    expect(found(`${gtin} (GLN)`)).toEqual([])
    expect(found(`N° de suivi : ${siret}`)).toEqual([`TRACKING_NUMBER ${siret}`])
    expect(found(`Facture n° ${siret}`)).toEqual([`INVOICE_NUMBER ${siret}`])
  })

  test('nine digits alone are no company, with a register beside them they are', () => {
    expect(found(`Le ${siren} est arrivé.`)).toEqual([])
    expect(found(`${siren} RCS Nantes`)).toEqual([`SIREN ${siren}`])
    expect(found(`RCS Saint-Nazaire B ${siren.replace(/(...)(?=.)/g, '$1 ')}`)).toEqual([`SIREN ${siren}`])
  })

  test('the heading of a column speaks for the numbers under it, and for no other column', () => {
    expect(found(`SIREN\tN° client\n${siren}\t${generate.SIREN(random)}`)).toEqual([`SIREN ${siren}`])
    expect(found('Réf. facture\tÉmise le\tCommande\nF795504\t14 juillet 2023\t-')).toEqual(['INVOICE_NUMBER F795504'])
  })

  test('amounts, dates, time stamps and addresses on the web are no identifiers', () => {
    expect(found('2 153,42 € le 18/10/2023 à 20:15:30, 20240115123456, 1700000000000')).toEqual([])
    expect(found(`https://exemple.fr/produit/${gtin}?siret=${siret}`)).toEqual([])
  })
})

test('a French key that recognition spelled with letters is still the same number', () => {
  expect(found('TVA FRO3 668 794 142')).toEqual(['VAT FR03668794142'])
})

test('a container is found with its check digit apart, boxed or on the next line', () => {
  for (const text of [
    'CSQU 305438-3',
    'CSQU 305438 [3]',
    'csqu3054383',
    'CSQ U 305438 3',
    'Conteneur\nCSQU 305 438 3',
    'CSQU\n3054383',
  ]) {
    expect([text, ...found(text)]).toEqual([text, 'CONTAINER CSQU3054383'])
  }
})

test('hostile text is read to its end without finding anything', () => {
  for (const part of ['1 ', 'SIRET 1 2 3 ', 'FR76 ', '+33 ', 'n° de suivi ', 'A-', '00 ', 'a@', '\n', '(00) ']) {
    expect([part, findIdentifiers(part.repeat(20_000)).length]).toEqual([part, 0])
  }
})
