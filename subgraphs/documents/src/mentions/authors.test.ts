import { describe, expect, test } from 'vitest'
import { documentKind } from '../document/kind.ts'
import { detectLanguage } from '../search/language.ts'
import { findMentions } from './mentions.ts'
import { toPage } from './page.testing.ts'

/** "WRITTEN_BY Claire Morin", in reading order, each once. */
function said(text: string): string[] {
  const { mentions } = findMentions([toPage(text)], { kind: documentKind({ text }), language: detectLanguage(text) })
  return [
    ...new Set(mentions.flatMap(({ relation, name }) => (relation === 'MENTIONS' ? [] : [`${relation} ${name}`]))),
  ]
}

const letter = `Conciergerie Bleue SAS
14 rue des Halles
44000 Nantes

Madame Sophie Lambert
8 rue Paul Bert
44100 Nantes

Nantes, le 12 mars 2024

Objet : sinistre du 3 mars, dégâts constatés à la Villa

Madame Lambert,

Nous avons bien reçu votre déclaration. Monsieur Paul Durand passera samedi.

Veuillez agréer, Madame, l’expression de
nos salutations distinguées.

Claire Morin
Responsable d’agence
Conciergerie Bleue SAS

PJ : photographies de Marc Petit`

const english = `Northsea Lines Ltd
12 Harbour Road
Rotterdam

Azur Fret SARL
4 quai des Docks
13002 Marseille

4 March 2025

Subject: Late delivery, container MSKU 907032 3

Dear Mr Karim Haddad,

The delivery of your container was planned for 9 March 2025. We regret the delay.

Yours sincerely,

James Baker
Claims manager`

describe('who wrote it', () => {
  test('is the one who signs a letter, and the company of its letterhead', () => {
    expect(said(letter)).toEqual([
      'ABOUT Sinistre du 3 mars 2024',
      'WRITTEN_BY Claire Morin',
      'WRITTEN_BY Conciergerie Bleue SAS',
    ])
    expect(said(english)).toEqual([
      'WRITTEN_BY Northsea Lines Ltd',
      'ABOUT Retard de livraison',
      'ABOUT MSKU9070323',
      'ABOUT Delivery on 9 March 2025',
      'WRITTEN_BY James Baker',
    ])
  })

  test.each([
    [
      'De : Yannis Abgrall <y.abgrall@exemple.fr>\nÀ : quai@exemple.fr\nObjet : palettes\n\nBonjour,\n\nMerci à Paul Durand.',
      ['Yannis Abgrall'],
    ],
    ['From: Villa Azur <contact@villa-azur.example>\nTo: Paul Durand <p@exemple.fr>\nDate: 4 May 2025', ['Villa Azur']],
    ['From: quai4@exemple.fr\nTo: paul@exemple.fr\n\nBonjour,', ['quai4@exemple.fr']],
    [
      'From: Claire Morin <c@bleue.fr>\nTo: p@exemple.fr\n\nBonjour,\n\nCordialement,\nClaire Morin\nConciergerie Bleue SAS\n\nDe : Paul Durand <p@exemple.fr>\nÀ : c@bleue.fr\nObjet : clés\n\nCordialement,\nPaul Durand\nDurand SARL',
      ['Claire Morin', 'Conciergerie Bleue SAS'],
    ],
    ['Je soussignée Claire Morin, née à Nantes, atteste avoir reçu les clés.', ['Claire Morin']],
    ['Compte rendu\n\nRédigé par : Marc Petit\n\nPrésents : Paul Durand', ['Marc Petit']],
    [
      'Monsieur,\n\nMerci de votre visite.\n\nCordialement,\nYannis Abgrall\nResponsable d’exploitation',
      ['Yannis Abgrall'],
    ],
  ])('is told by %j', (text, names) => {
    expect(said(text)).toEqual(names.map((name) => `WRITTEN_BY ${name}`))
  })

  test.each([
    'Madame, Monsieur,\n\nLe colis de Paul Durand est arrivé.\n\nCordialement',
    'Durand SAS et Petit SARL sont convenus de ce qui suit. Paul Durand a parlé.',
    'Paul Durand\n12 rue des Lilas\n44000 Nantes\n\nMadame, Monsieur,\n\nVotre colis est là.',
    'Bonjour,\n\nCordialement,\n\nService Client\nVilla Azur',
    'Note de Marc Petit\n\nDe : 8 h à 12 h\nÀ : Nantes',
  ])('is left open by %j', (text) => {
    expect(said(text)).toEqual([])
  })

  test('of an invoice is its issuer, not who pays it', () => {
    const invoice = (head: string, foot: string) =>
      `${head}\n\nFACTURE\n\nFacturé à\n\nPetit SARL\n8 rue Paul Bert\n44100 Nantes\n\nTotal TTC\t12,00 €\n\n${foot}`
    expect(said(invoice('Transports Durand SAS', ''))).toEqual(['WRITTEN_BY Transports Durand SAS'])
    expect(said(invoice('', 'Durand SAS – RCS Nantes 787 495 019'))).toEqual(['WRITTEN_BY Durand SAS'])
    expect(said(invoice('', 'Merci de votre confiance'))).toEqual([])
  })
})

describe('what it is about', () => {
  test.each([
    [
      'Objet : votre facture n° FA-2023-3564, envoi 6A54740512216\n\nMadame, Monsieur,',
      ['FA-2023-3564', '6A54740512216'],
    ],
    ['Facture\n\nObjet : facture n° FA-2023-3564\n\nTotal TTC 12 €\nIBAN', []],
    ['Objet :\tretour des clés\n\nLe litige, un litige, est clos.', []],
  ])('%j', (text, names) => {
    const about = said(text).filter((each) => each.startsWith('ABOUT'))
    expect(about).toEqual(names.map((name) => `ABOUT ${name}`))
  })
})
