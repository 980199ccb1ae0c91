import { describe, expect, test } from 'vitest'
import { detectLanguage } from '../search/language.ts'
import { findMentions } from './mentions.ts'
import { toPage } from './page.testing.ts'

function events(...pages: string[]) {
  const language = detectLanguage(pages.join('\n\n'))
  const { mentions } = findMentions(
    pages.map((text, index) => toPage(text, index + 1)),
    { language },
  )
  return mentions.filter(({ entityType }) => entityType === 'EVENT')
}

const names = (...pages: string[]) => events(...pages).map(({ name }) => name)

describe('a dated event', () => {
  test.each([
    ['Livré le : 04/12/2023 à 11 h 39', 'Livraison du 4 décembre 2023'],
    ['4 Lieu et date de prise en charge\n\nNice, le 21 février 2024', 'Prise en charge du 21 février 2024 à Nice'],
    ['69001 Lyon\n\nLe colis a été livré le 04/12/2023 à Lyon.', 'Livraison du 4 décembre 2023 à Lyon'],
    ['76600 Le Havre\n\nla livraison du 1/12/23 au Havre', 'Livraison du 1er décembre 2023 au Havre'],
    ['Objet : sinistre dégâts des eaux du 3 mars 2024', 'Sinistre du 3 mars 2024'],
    ['État des lieux de sortie du 30 juin 2024', 'État des lieux de sortie du 30 juin 2024'],
    ['La livraison est prévue pour le lundi 4 mars 2024.', 'Livraison du 4 mars 2024'],
    ['la prise en charge de vos palettes à Nice le\n21 février 2024', 'Prise en charge du 21 février 2024'],
    ['Le 3 mars 2024, un incident est survenu.', 'Incident du 3 mars 2024'],
    ['Le 3 mars 2024, votre colis a bien été livré.', 'Livraison du 3 mars 2024'],
    ['04/12/2023 11:39\tLivré au destinataire', 'Livraison du 4 décembre 2023'],
    ['retard de livraison du 9 janvier 2024', 'Retard du 9 janvier 2024'],
    ['Compte rendu de la réunion d’exploitation du 14 mai 2025', 'Réunion du 14 mai 2025'],
    ['Your arrival on 12 May 2026 is confirmed.', 'Arrival on 12 May 2026'],
    ['Delivery date\tOrder\n2026-05-12\tCDE-1', 'Delivery on 12 May 2026'],
    ['check-out on Saturday, May 19, 2026', 'Departure on 19 May 2026'],
    ['The inspection carried out on the 3rd of June 2025', 'Inspection on 3 June 2025'],
    ['On 3 March 2024 the goods were delivered.', 'Delivery on 3 March 2024'],
    ['Claim dated 3 March 2024', 'Claim on 3 March 2024'],
  ])('is found in %j', (text, name) => {
    expect(names(text)).toEqual([name])
  })

  test.each([
    'Facture du 3 mars 2024, à régler le 4 avril 2024',
    'Nantes, le 13 novembre 2023',
    'Bon de livraison du 4 décembre 2023',
    'Le colis n’a pas été livré le 3 mars 2024',
    'L’envoi devait être livré le 3 mars 2024',
    'la livraison prévue le 3 mars 2024 n’a pas eu lieu',
    'la livraison de la commande du 3 mars 2024',
    'la livraison promise le 3 mars 2024',
    'Le rendez-vous du 5 mai 2025 est annulé',
    '04/12/2023\tLivraison express\t21,80',
    'Sinistre du 3 mars',
    'Livraison du 31 février 2024',
    'The delivery was not made on 3 March 2024',
    'The rent was paid and the deposit collected on 3 March 2024',
    'delivered on 04/12/2026 to the warehouse where the tenant was waiting for the parcel that we had sent',
  ])('is not made up from %j', (text) => {
    expect(names(text)).toEqual([])
  })

  test('without a year is in the year nearest to the date of its document', () => {
    expect(names('Nantes, le 8 janvier 2024\n\nObjet : sinistre du 28 décembre')).toEqual([
      'Sinistre du 28 décembre 2023',
    ])
    expect(names('Facture du 3 mars 2022\n\nLe bail du 4 mai 2024\n\nSinistre du 5 mai')).toEqual([])
  })

  test('is one entity in both languages, and with the place that the same document names', () => {
    const [french] = events('Le colis a été livré le 4 décembre 2023 et nous vous remercions de votre confiance.')
    const [english] = events('The parcel was delivered on 4 December 2023 and we thank you very much for your trust.')
    expect([french?.key, english?.key]).toEqual(['delivery 2023-12-04', 'delivery 2023-12-04'])
    const keys = events('69001 Lyon\n\nLivré le 4 décembre 2023 à Lyon.', 'La livraison du 4 décembre 2023').map(
      ({ key }) => key,
    )
    expect(keys).toEqual(['delivery 2023-12-04 lyon', 'delivery 2023-12-04 lyon'])
  })

  test('has the place of its words on the page', () => {
    const [event] = events('Bonjour,\n\nVotre colis a été livré le 4 décembre 2023.')
    expect(event).toMatchObject({
      page: 1,
      extractor: 'rules',
      relation: 'MENTIONS',
      excerpt: 'Votre colis a été livré le 4 décembre 2023.',
    })
    expect(event?.boxes).toHaveLength(1)
  })
})
