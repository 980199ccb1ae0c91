import type { RecordKind } from '../../conversations/answer.ts'
import { fold } from '../extractive/folding.ts'

/** What a record can be asked for. */
export type Field =
  | 'status'
  | 'moment'
  | 'lastEvent'
  | 'trackingNumber'
  | 'reference'
  | 'phone'
  | 'email'
  | 'siren'
  | 'vatNumber'
  | 'address'
  | 'registrationNumber'

/** The moment a shipment came to one of these, asked as "when was it delivered". */
export const moments = {
  DELIVERED: /\blivre(?:e|s|es)?\b|\bdelivered\b/,
  PICKED_UP: /\benleve(?:e|s|es)?\b|\bpris(?:e|es)? en charge\b|\bpicked up\b|\bcollected\b/,
  RETURNED: /\bretourne(?:e|s|es)?\b|\breturned\b/,
  AT_HUB: /\barrive(?:e|s|es)? (?:a l'agence|au depot)\b|\bat the (?:hub|depot)\b/,
} as const

interface Asked {
  kind: RecordKind
  field: Field
  /** In the folded question. */
  said: RegExp
}

const when = /\b(?:quand|quel jour|a quelle (?:date|heure)|when|what (?:day|date|time))\b/

/** In the order in which they are tried: an e-mail address before an address, a moment before a status. */
const fields: readonly Asked[] = [
  { kind: 'CLIENT', field: 'email', said: /\be-?mails?\b|\bcourriels?\b|\badresse (?:electronique|mail)\b|\bmail\b/ },
  {
    kind: 'CLIENT',
    field: 'phone',
    said: /\btelephones?\b|\btel\b|\bphone\b|\bnumero (?:pour|ou) (?:le |la |les )?(?:appeler|joindre)\b/,
  },
  { kind: 'CLIENT', field: 'siren', said: /\bsiren\b/ },
  { kind: 'CLIENT', field: 'vatNumber', said: /\bnumero d[e'] ?(?:la )?tva\b|\btva intracom\w*|\bvat (?:number|no)\b/ },
  {
    kind: 'PROPERTY',
    field: 'registrationNumber',
    said: /\bnumero d'enregistrement\b|\benregistrement\b|\bregistration number\b/,
  },
  { kind: 'PROPERTY', field: 'address', said: /\badresse\b|\baddress\b|\bou (?:se trouve|est situee?)\b|\bwhere is\b/ },
  { kind: 'SHIPMENT', field: 'trackingNumber', said: /\bnumero de suivi\b|\btracking (?:number|no)\b/ },
  {
    kind: 'SHIPMENT',
    field: 'lastEvent',
    said: /\bderni(?:er|ere) (?:evenement|mouvement|etape|nouvelle|statut)\b|\b(?:last|latest) (?:event|step|news|scan)\b/,
  },
  {
    kind: 'SHIPMENT',
    field: 'status',
    said: /\bou en (?:est|sont)\b|\bou (?:est|se trouve)\b|\bstatut\b|\betat\b|\bavancement\b|\bstatus\b|\bwhere is\b|\b(?:est|a)-t?-?(?:elle|il) (?:bien )?(?:ete )?(?:livre|arrive|parti|perdu|bloque|retourne|enleve)|\bsuis(?:-je)? livre|\b(?:has|was|is) .*\b(?:delivered|arrived|shipped|lost|returned|picked up)\b/,
  },
  { kind: 'SHIPMENT', field: 'reference', said: /\breference\b/ },
]

/** What a question asks of records, first what it says most plainly; empty when it asks for nothing that records hold. */
export function askedOf(question: string): { kind: RecordKind; field: Field; moment: keyof typeof moments | null }[] {
  const folded = fold(question)
  const found = fields.flatMap(({ kind, field, said }) => (said.test(folded) ? [{ kind, field, moment: null }] : []))
  const moment = when.test(folded) ? momentOf(folded) : null
  return moment ? [{ kind: 'SHIPMENT', field: 'moment', moment }, ...found] : found
}

function momentOf(folded: string): keyof typeof moments | null {
  const names = Object.keys(moments) as (keyof typeof moments)[]
  return names.find((name) => moments[name].test(folded)) ?? null
}
