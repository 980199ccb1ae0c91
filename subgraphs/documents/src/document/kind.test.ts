import { describe, expect, test } from 'vitest'
import { documentKind } from './kind.ts'

test.each([
  ['FACTURE\nRéf. facture\tINV/2023/59255', 'INVOICE'],
  [
    'Entrepôts Vasseur SAS\n\nRéf. avoir F004195\n\nÉmise le 25.10.2024\n\nTotal toutes taxes comprises\t-2 536,69 €',
    'CREDIT_NOTE',
  ],
  ['Au bon moulin SARL\nAvoir AV-2017-0005\nFacture liée\tFA-2017-0010\nTotal TTC\t-233,47 €', 'CREDIT_NOTE'],
  ['Objet : facture n° 2301-611 (votre commande CDE-86778)\nAnnule et remplace le devis n° D-7959.', 'INVOICE'],
  ['Commercial invoice\nBill to\nAcme Ltd', 'INVOICE'],
  ['Conciergerie Étoile SAS\tBordereau de livraison\nRéserves du destinataire : Aucune', 'DELIVERY_NOTE'],
  ['LETTRE DE VOITURE INTERNATIONALE\nCMR 9405756\n17 Transporteurs successifs', 'CMR'],
  ['Preuve de livraison\nColis 6A54740512216 remis à M. Durand', 'PROOF_OF_DELIVERY'],
  ['DEVIS N° D-7959\nBon pour accord', 'QUOTE'],
  ['Feuille de route\nChauffeur : Paul Martin – véhicule AB-123-CD\nArrêt 1', 'ROUTE_SHEET'],
  ['Attestation de vigilance\nNous certifions que la société est à jour. Pour valoir ce que de droit.', 'CERTIFICATE'],
  ['Contrat de gestion locative\nEntre les soussignés : Mme Martin, ci-après dénommée le mandant', 'CONTRACT'],
  [
    'Objet : retard de livraison, envoi 6A55228679694\nNous vous demandons le remboursement de la facture FA-2023-4951',
    'COMPLAINT',
  ],
  ['De : Jean <jean@exemple.fr>\nÀ : marie@exemple.fr\nObjet : réunion', 'EMAIL'],
])('%j is a %s', (text, kind) => {
  expect(documentKind({ text })).toBe(kind)
})

describe('no kind is given', () => {
  test.each([
    '',
    'Bonjour, votre facture arrive demain.',
    'Le contrat de travail est une convention.',
    'x'.repeat(100_000),
  ])('to %j', (text) => {
    expect(documentKind({ text })).toBeNull()
  })
})

test('what came as a message is an e-mail, whatever it is about', () => {
  expect(documentKind({ text: 'FACTURE n° 12', contentType: 'message/rfc822' })).toBe('EMAIL')
})
