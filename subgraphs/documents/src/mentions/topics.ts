import type { Stretch } from './names.ts'
import { plain } from './words.ts'

/** A subject of the trade that a document is clearly about. */
export interface FoundTopic extends Stretch {
  key: string
  name: string
  confidence: number
}

/** What is called the same in many ways. The first form is the name of the topic. */
const topics: [name: string, pattern: string][] = [
  [
    'Retard de livraison',
    'retards? de livraison|livraisons? (?:tardives?|en retard)|late deliver(?:y|ies)|delivery delays?',
  ],
  ['Colis non reçu', 'colis (?:non recus?|perdus?|manquants?)|non[- ]livraison|(?:missing|lost) parcels?'],
  [
    'Avarie',
    'avaries?|marchandises? (?:endommagees?|abimees?)|colis (?:endommages?|abimes?|ecrases?|enfonces?)|damaged (?:goods|parcels?)',
  ],
  ['Réclamation', 'reclamations?|complaints?'],
  ['Remboursement', 'remboursements?|refunds?'],
  ['Litige', 'litiges?|disputes?'],
  ['Température dirigée', 'temperature dirigee|chaine du froid|transport frigorifique|cold chain'],
  ['Matières dangereuses', 'matieres dangereuses|marchandises dangereuses|dangerous goods'],
  ['Douane', 'dedouanement|declaration (?:en douane|douaniere)|customs (?:clearance|declaration)'],
  ['Retour de palettes', 'retours? de palettes?(?: vides)?|consignes? palettes?|pallet returns?'],
  ['Taxe de séjour', 'taxes? de sejour|tourist tax'],
  ['Dépôt de garantie', 'depots? de garantie|security deposits?'],
  ['État des lieux', 'etats? des lieux|check-?in inventory'],
  ['Ménage', 'menages? de fin de sejour|prestations? de menage|end-of-stay cleaning'],
]
const patterns = topics.map(([name, words]) => ({
  name,
  key: plain(name),
  pattern: new RegExp(`(?<![\\p{L}\\p{N}])(?:${words})(?![\\p{L}\\p{N}])`, 'gu'),
}))
const subject = /^(?:objet|subject|sujet|concerne|re)\s*:/

/** Topics that stand in a subject line or come at least twice; once in passing is not what a document is about. */
export function findTopics(text: string, headings: readonly Stretch[]): FoundTopic[] {
  const folded = plain(text)
  return patterns.flatMap(({ name, key, pattern }) => {
    const places = Array.from(folded.matchAll(pattern), ({ 0: words, index }) => ({
      start: index,
      end: index + words.length,
    }))
    const told = places.some(({ start }) => {
      const before = folded.slice(Math.max(0, start - 200), start)
      const line = before.slice(before.lastIndexOf('\n') + 1)
      return subject.test(line) || headings.some((heading) => heading.start <= start && start < heading.end)
    })
    const confidence = told ? 0.8 : 0.6
    return told || places.length > 1 ? places.map((place) => ({ ...place, key, name, confidence })) : []
  })
}
