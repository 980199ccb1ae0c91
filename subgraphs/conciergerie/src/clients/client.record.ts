import {
  identifierLink,
  identifierLinks,
  nameLink,
  searchColumn,
  type OperationalRecord,
} from '@passerelle/platform/records'
import type { Client } from './client.ts'

/** What leads to a client, strong to weak. A French VAT number holds its SIREN. */
export function toClientRecord({ id, name, email, phone, siren, vatNumber }: Client): OperationalRecord {
  const vat = identifierLink('VAT', vatNumber)
  const links = [
    identifierLink('SIREN', siren),
    ...identifierLinks(vat && vat.key).filter(({ kind }) => kind === 'SIREN'),
    vat,
    identifierLink('EMAIL', email),
    identifierLink('PHONE', phone),
    nameLink(name, entityTypeOf({ name, siren, vatNumber })),
  ]
  return { kind: 'CLIENT', id, name, links: links.filter((link) => link !== null) }
}

/** What a list of clients is searched in, by any part: nothing that is sealed. */
export function clientSearch({ name, siren, vatNumber }: Pick<Client, 'name' | 'siren' | 'vatNumber'>): string {
  const { links } = toClientRecord({ id: '', name, email: null, phone: null, siren, vatNumber, createdAt: new Date(0) })
  return searchColumn([name, siren, vatNumber, ...links.map(({ key }) => key)])
}

const legalForm =
  /\b(?:S\.?A\.?R\.?L|S\.?A\.?S\.?U?|S\.?C\.?I|S\.?N\.?C|E\.?U\.?R\.?L|S\.?A|GIE|SCOP|GmbH|Ltd|LLC|S\.?r\.?l|S\.?p\.?A|B\.?V)\b/
const civility = /^(?:M|Mr|Mrs|Ms|Mme|Mlle|Monsieur|Madame|Mademoiselle|Dr|Docteur|Me|Maître|Pr)\.?\s/i

/** What documents would call the client. A name that tells neither a company nor a person leads by its key alone: the graph does not guess. */
function entityTypeOf({
  name,
  siren,
  vatNumber,
}: Pick<Client, 'name' | 'siren' | 'vatNumber'>): 'ORGANIZATION' | 'PERSON' | null {
  if (siren || vatNumber || legalForm.test(name)) return 'ORGANIZATION'
  return civility.test(name) ? 'PERSON' : null
}
