/** The kinds of documents that are told apart. */
export const documentKinds = [
  'INVOICE',
  'CREDIT_NOTE',
  'DELIVERY_NOTE',
  'CMR',
  'PROOF_OF_DELIVERY',
  'QUOTE',
  'ROUTE_SHEET',
  'CERTIFICATE',
  'CONTRACT',
  'COMPLAINT',
  'EMAIL',
] as const
export type DocumentKind = (typeof documentKinds)[number]

/**
 * What speaks for a kind, in text without accents. A title stands alone at the beginning of a line or cell; a label opens a line
 * with its number; the rest is said anywhere.
 */
interface Evidence {
  title?: RegExp
  label?: RegExp
  said?: RegExp[]
}

const number = String.raw`(?:n ?°|no\.?|nr\.?|num(?:ero)?|ref(?:erence)?\.?|number|#)`
const label = (name: string) =>
  new RegExp(
    `^(?:votre |notre )?(?:${number} ?(?:de |d'|du |of )?(?:${name})|(?:${name}) ?(?:${number}|:| [a-z]{0,4}[-/]?\\d))`,
  )
/** A name that stands alone in its cell, or with the document's number, also as the subject of a letter. */
const alone = (name: string) =>
  new RegExp(`^(?:(?:objet|subject) ?: ?)?(?:${name})(?:$| ?:| ?${number}| [a-z]{0,4}[-/]?\\d)`)

const evidence: [DocumentKind, Evidence][] = [
  [
    'CREDIT_NOTE',
    {
      title: alone("(?:facture d')?avoir(?: client| sur facture)?|credit note|note de credit"),
      label: label('avoir|note de credit|credit note'),
    },
  ],
  [
    'INVOICE',
    {
      title: alone(
        'facture(?: pro ?forma| d.acompte| de solde| definitive| client| de transport| commerciale)?|(?:tax |commercial |proforma )?invoice|(?:handels)?rechnung(?: \\(\\d+\\))?',
      ),
      label: label('facture|invoice|rechnung'),
      said: [
        /\bfacture a\b|adresse de facturation|bill to\b|invoice to\b/,
        /total (?:ttc|toutes taxes comprises)|montant ttc|net a payer|amount due/,
        /\biban\b/,
      ],
    },
  ],
  [
    'CMR',
    {
      title:
        /^(?:lettre de voiture(?: (?:internationale|nationale|cmr))?|cmr|(?:international )?consignment note|waybill|air waybill|lettre de transport aerien)\b/,
      label: label('cmr|lettre de voiture|lta|awb'),
      said: [/transporteurs? successifs?|successive carriers?/, /lieu prevu pour la livraison|place of delivery/],
    },
  ],
  [
    'PROOF_OF_DELIVERY',
    {
      title:
        /^(?:preuve de livraison|proof of delivery|p\.?o\.?d\.?|recepisse de livraison|attestation de livraison|accuse de (?:livraison|reception)|confirmation de livraison)\b/,
      label: label('preuve de livraison|pod'),
      said: [/\b(?:livre|remis) (?:a|le) .{0,60}\b(?:signature|signe par)/],
    },
  ],
  [
    'DELIVERY_NOTE',
    {
      title:
        /^(?:bon|bordereau|note|bulletin) de livraison\b|^delivery note\b|^packing (?:list|slip)\b|^liste de colisage\b|^bl\b(?= ?n ?°)/,
      label: label('bon de livraison|bl|bordereau|delivery note'),
      said: [/reserves? du destinataire/, /nombre de colis|number of packages/],
    },
  ],
  [
    'QUOTE',
    {
      title: /^(?:devis|cotation|offre de prix|proposition (?:commerciale|tarifaire)|quotation|quote|estimate)\b/,
      label: label('devis|cotation|offre|quote|quotation'),
      said: [/bon pour accord/, /validite (?:du devis|de l'offre)|devis valable|valid until/],
    },
  ],
  [
    'ROUTE_SHEET',
    {
      title:
        /^(?:feuille de (?:route|tournee)|plan de tournee|ordre de tournee|bordereau de tournee|tournee du|route sheet|run sheet|delivery round)\b/,
      label: label('tournee|feuille de route'),
      said: [/\b(?:chauffeur|conducteur|driver)\b.{0,200}\b(?:vehicule|vehicle)\b/, /\b(?:arret|stop) ?(?:n ?°)? ?1\b/],
    },
  ],
  [
    'CERTIFICATE',
    {
      title: /^(?:certificat|attestation|certificate)\b(?! de livraison)/,
      said: [/\b(?:atteste|certifie|certify) (?:que|avoir|that)\b/, /pour (?:servir et )?valoir ce que de droit/],
    },
  ],
  [
    'CONTRACT',
    {
      title:
        /^(?:contrat|convention|bail|mandat de gestion|avenant|conditions generales|contract|(?:[a-z]+ ){0,2}agreement)\b/,
      said: [
        /entre les soussignes|il a ete (?:convenu|arrete)|hereby agree/,
        /^article (?:1|premier|i)\b/m,
        /ci-apres (?:denomme|designe)/,
      ],
    },
  ],
  [
    'COMPLAINT',
    {
      title:
        /^(?:lettre de )?reclamation\b|^mise en demeure\b|^(?:objet|subject|re|concerne) ?: ?.{0,60}(?:reclamation|litige|non recu|non livre|retard de livraison|avarie|endommage|manquant|casse|perte|mise en demeure|complaint|claim|damaged|late delivery|missing)/,
      said: [
        /service (?:des )?(?:reclamations|litiges)|claims department/,
        /demand(?:e|ons) (?:le |un )?(?:remboursement|dedommagement|indemnisation)|request (?:a )?refund|compensation/,
        /mediateur|sans reponse sous/,
      ],
    },
  ],
  ['EMAIL', { said: [/^(?:de|from) ?: ?.{0,80}@/m, /^(?:objet|subject) ?: ?\S/m, /^(?:a|to|pour) ?: ?.{0,80}@/m] }],
]
const weight = { firstTitle: 12, title: 8, label: 5, said: 2, enough: 5 }
const looked = { characters: 6_000, cells: 160, lengthOfTitle: 90 }

function plain(text: string): string {
  return text
    .slice(0, looked.characters)
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replace(/[’ʼ]/g, "'")
    .replace(/[\u00a0\u202f]/g, ' ')
    .toLowerCase()
}

function score(
  { title, label: opening, said = [] }: Evidence,
  { cells, text }: { cells: string[]; text: string },
): number {
  const titleAt = title ? cells.findIndex((cell) => cell.length <= looked.lengthOfTitle && title.test(cell)) : -1
  const titled = titleAt < 0 ? 0 : titleAt < 12 ? weight.firstTitle : weight.title
  const labelled = opening && cells.some((cell) => opening.test(cell)) ? weight.label : 0
  return titled + labelled + said.filter((pattern) => pattern.test(text)).length * weight.said
}

/**
 * The kind of a document by its titles, labels and set phrases on its first pages; null when nothing speaks clearly for one. A
 * message that was received as such is an e-mail, whatever it is about.
 */
export function documentKind({ text, contentType }: { text: string; contentType?: string }): DocumentKind | null {
  if (contentType === 'message/rfc822') return 'EMAIL'
  const beginning = plain(text)
  const cells = beginning
    .split(/[\n\t]+/)
    .map((cell) => cell.trim())
    .filter(Boolean)
    .slice(0, looked.cells)
  let best: { kind: DocumentKind; points: number } | null = null
  for (const [kind, marks] of evidence) {
    const points = score(marks, { cells, text: beginning })
    if (points >= weight.enough && points > (best?.points ?? 0)) best = { kind, points }
  }
  return best?.kind ?? null
}
