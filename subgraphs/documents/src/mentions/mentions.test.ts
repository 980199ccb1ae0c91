import { describe, expect, test } from 'vitest'
import { findMentions, type FoundMention } from './mentions.ts'
import { toPage } from './page.testing.ts'

function names(text: string, type: FoundMention['entityType']): string[] {
  return findMentions([toPage(text)]).mentions.flatMap((mention) => (mention.entityType === type ? [mention.name] : []))
}

function related(text: string): string[] {
  const { mentions, relations } = findMentions([toPage(text)])
  return relations.map(
    ({ from, to, type }) =>
      `${mentions[from]?.kind ?? mentions[from]?.entityType} ${mentions[from]?.name} ${type} ${mentions[to]?.name}`,
  )
}

describe('companies', () => {
  test.each([
    [
      'Le contrat lie Transports Durand SAS et la société Froid du Nord SARL.',
      ['Transports Durand SAS', 'Froid du Nord SARL'],
    ],
    ['SARL Dupont Frères, 44000 Nantes', ['SARL Dupont Frères']],
    ['Au bon moulin SARL - 1242 chemin de l’olive', ['Au bon moulin SARL']],
    ['Lieferant GmbH and Acme Ltd.', ['Lieferant GmbH', 'Acme Ltd']],
    ['Expéditeur :\nPharmacie Saint-Éloi\n06200 Nice', ['Pharmacie Saint-Éloi']],
    ['Destinataire : Hôtel des Quais', ['Hôtel des Quais']],
    ['Client\tTél. 05 86 45 29 83\nClinique du Parc\n42000 Saint-Étienne', ['Clinique du Parc']],
    ['Cave Montceau\n4 bis quai des Docks\n13002 Marseille', ['Cave Montceau']],
    ['Colis remis à Chronopost hier', ['Chronopost']],
  ])('are found in %j', (text, expected) => {
    expect(names(text, 'ORGANIZATION')).toEqual(expected)
  })

  test.each([
    'SA COMMANDE EST ARRIVEE',
    'SARL au capital de 120 000 €',
    'Client : 55166',
    'Destinataire\nPage 1/1',
    'Madame, Monsieur,',
    'Total HT\n12 rue des Lilas',
  ])('are not made up from %j', (text) => {
    expect(names(text, 'ORGANIZATION')).toEqual([])
  })

  test('once named by its form, a company is found wherever it is printed', () => {
    expect(names('Client : Garage Müller\n\nLe camion de Garage Müller attend.', 'ORGANIZATION')).toEqual([
      'Garage Müller',
      'Garage Müller',
    ])
  })
})

describe('people', () => {
  test.each([
    ['Reçu par Mme Claire Martin et M. de La Tour.', ['Claire Martin', 'de La Tour']],
    ['Contact commercial\nTony Dubois', ['Tony Dubois']],
    ['Chauffeur : Yannis Abgrall', ['Yannis Abgrall']],
    ['Jean-Marc Lefort et Anne Le Goff sont venus', ['Jean-Marc Lefort', 'Anne Le Goff']],
    ['Mme Sophie Lambert est là. Chère Madame Lambert,', ['Sophie Lambert', 'Sophie Lambert']],
    ['Signé DUPONT Jean à Nantes', ['DUPONT Jean']],
    ['merci à Stéphanie Hoarau pour', ['Stéphanie Hoarau']],
  ])('are found in %j', (text, expected) => {
    expect(names(text, 'PERSON')).toEqual(expected)
  })

  test.each([
    'Madame, Monsieur,',
    'Monsieur le Directeur',
    '12 rue Victor Hugo',
    'Lycée Paul Valéry',
    'Martin Transport',
    'Hôtel Saint Denis',
    'le mois de Mai 2024',
  ])('are not made up from %j', (text) => {
    expect(names(text, 'PERSON')).toEqual([])
  })
})

describe('places', () => {
  test.each([
    ['187 avenue de la République, 59000 Lille', ['187 avenue de la République, 59000 Lille', 'Lille']],
    [
      '3 place de l’Église\n42000 Saint-Étienne\nFrance',
      ['3 place de l’Église, 42000 Saint-Étienne', 'Saint-Étienne', 'France'],
    ],
    ['Le Havre, le 13 novembre 2023', ['Le Havre']],
    ['3 Lieu prévu pour la livraison\n\nLyon', ['Lyon']],
    ['44000 NANTES CEDEX 9', ['NANTES']],
  ])('are found in %j', (text, expected) => {
    expect(names(text, 'PLACE')).toEqual(expected)
  })

  test.each(['Dossier 55166 – Client C9599', '15302 KG', 'GLS France livre demain', 'Total : 12500 EUR'])(
    'are not made up from %j',
    (text) => {
      expect(names(text, 'PLACE')).toEqual([])
    },
  )
})

test('a topic is what a subject line says, not what is said in passing', () => {
  expect(names('Objet : retard de livraison, envoi 12\n\nBonjour', 'TOPIC')).toEqual(['Retard de livraison'])
  expect(names('Un litige est possible.', 'TOPIC')).toEqual([])
})

test('numbers identify the company they are printed with', () => {
  expect(
    related(
      'Garage Müller\n187 avenue de la République\n42000 Saint-Étienne\nN° TVA : FR93635848898\nTél. 02 40 12 34 56',
    ),
  ).toEqual([
    'VAT FR93635848898 IDENTIFIES Garage Müller',
    'SIREN 635848898 IDENTIFIES Garage Müller',
    'PHONE +33240123456 IDENTIFIES Garage Müller',
  ])
  expect(
    related('Fret Atlantique SA au capital de 14 000 € – RCS Nantes 787 495 019\n\nN° TVA client\tFR93635848898'),
  ).toEqual(['SIREN 787495019 IDENTIFIES Fret Atlantique SA'])
})

test('a person between a company and its address works there', () => {
  expect(related('Ma jolie boutique\nAlexandre Payet\n35 rue de la République\n69001 Lyon')).toEqual([
    'PERSON Alexandre Payet WORKS_FOR Ma jolie boutique',
  ])
})

test('somebody to whom a letter goes does not work for its sender, who signs does', () => {
  const head =
    'Conciergerie Bleue\n14 rue des Halles\n44000 Nantes\n\nÀ l’attention de Madame Sophie Lambert\n8 rue Paul Bert\n44100 Nantes'
  expect(related(head)).toEqual([])
  expect(related('Cordialement,\nClaire Morin\nResponsable\nConciergerie Bleue SAS')).toEqual([
    'PERSON Claire Morin WORKS_FOR Conciergerie Bleue SAS',
  ])
})

test('an account in another sentence is not tied to the company before it', () => {
  expect(
    related(
      'La société Durand SAS est passée. Le client paie sur FR76 3000 6000 0112 3456 7890 189. Merci à Dupont SARL.',
    ),
  ).toEqual([])
})

test('a mention has the boxes of its words, line by line, and an excerpt', () => {
  const page = toPage('Règlement par virement – IBAN FR76 4077 0660 8222\n9419 2163 550 – merci')
  const [mention] = findMentions([page]).mentions
  expect(mention).toMatchObject({ kind: 'IBAN', key: 'FR7640770660822294192163550', page: 1, extractor: 'identifier' })
  expect(
    mention?.boxes.map(({ box }) => [box.x, box.y, box.width].map((value) => Math.round(value * 1000) / 1000)),
  ).toEqual([
    [0.125, 0, 0.095],
    [0, 0.02, 0.07],
  ])
  expect(mention?.excerpt).toBe('Règlement par virement – IBAN FR76 4077 0660 8222 9419 2163 550 – merci')
})

/** What events, heads of messages and signatures are looked for in. */
const hostile = [
  '3 mars 2024 ',
  'livraison de de de ',
  'livraison le 3 mars ',
  'livraison de a a a le ',
  'De : a@b.fr\n',
  'From: A <a@b.fr>, ',
  'Objet : ',
  'Madame,\n',
  'Cordialement,\nPaul Durand\n',
  'Veuillez agréer ',
  'Date de livraison\t',
]

test('hostile pages are read to their end', () => {
  for (const part of ['A ', 'A\n', 'M. ', 'Durand SAS\n', 'Client\n', '44000 Nantes, ', 'a-', 'A\t', ...hostile]) {
    const { relations } = findMentions([{ ...toPage(''), text: part.repeat(10_000) }], {
      kind: 'COMPLAINT',
      language: 'fr',
    })
    expect(relations).toEqual([])
  }
})
