import type { IdentifierKind } from './candidate.ts'

/** What a label announces; `OTHER` is a label of something that is no identifier of ours, such as a customer account. */
export type LabelKind = IdentifierKind | 'OTHER'

/** "n°", "numéro", "réf." and their relatives, in folded text. */
export const numberWord = String.raw`(?:N ?°S?|NO?\.|NRO?\.?|NUM\.|NUMEROS?|NUMBERS?|NO(?=[ :#])|REF\.?|REFERENCES?|ID|#)`

const trackingWords = [
  String.raw`SUIVI(?: COLIS)?`, 'TRACKING(?: ?(?:NUMBER|NUM|NO|ID|CODE))?', 'TRACK(?: ?(?:&|AND) ?TRACE)?', 'COLIS', 'PARCEL', 'PAQUET',
  String.raw`(?:D')?ENVOI`, String.raw`(?:D')?EXPEDITION`, 'SHIPMENT', 'CONSIGNMENT(?: NOTE)?', 'WAYBILL', 'AIR ?WAYBILL', '[MH]?AWB', 'LTA', 'CMR',
  'LETTRE DE (?:TRANSPORT|VOITURE)(?: AERIEN(?:NE)?)?', 'RECEPISSE', 'COLISSIMO', 'CHRONOPOST', 'DPD', 'GLS', 'UPS', 'FEDEX', 'TNT', 'DHL',
]

/** Words that announce each kind, as patterns over folded text. The more telling kinds come first. */
export const labelWords: [LabelKind, string[]][] = [
  ['SIRET', ['SIRET', String.raw`S\.I\.R\.E\.T\.?`]],
  ['SIREN', [
    'SIREN', String.raw`S\.I\.R\.E\.N\.?`, String.raw`R\. ?C\. ?S\.?`, 'RCS', 'RNE', String.raw`R\.N\.E\.?`, 'REGISTRE DU COMMERCE',
    "NUMERO UNIQUE D'IDENTIFICATION", 'IDENTIFIANT UNIQUE', "IMMATRICULEE?S? (?:SOUS|AU|A L'|A LA)",
  ]],
  ['VAT', [
    String.raw`T\. ?V\. ?A\.?`, 'TVA', 'VAT', 'INTRACOM[A-Z]*', String.raw`U[SM]?ST\.?-? ?ID[A-Z]*`, 'MWST', 'BTW', String.raw`P\.? ?IVA`, 'PARTITA IVA',
    'NIF', 'TAX ID',
  ]],
  ['IBAN', ['IBAN', 'RIB']],
  ['SSCC', ['SSCC(?:-?18)?', String.raw`\(00\)`, 'UNITE LOGISTIQUE', 'SERIAL SHIPPING CONTAINER CODE']],
  ['GTIN', [
    String.raw`GTIN[- ]?(?:(?:8|12|13|14)(?!\d))?`, String.raw`EAN[- ]?(?:(?:8|13|14|128)(?!\d))?`, 'UPC(?:-A)?', 'CODES?[- ]?BARRES?', 'GENCODE?',
    'BAR ?CODE', 'ISBN(?:-?13)?', String.raw`\(0[12]\)`,
  ]],
  ['REGISTRATION_NUMBER', [
    String.raw`(?:${numberWord} )?(?:D')?ENREGISTREMENT(?: (?:EN|A LA|DE LA) MAIRIE)?`, 'NUMERO DE DECLARATION', 'MEUBLES? DE TOURISME', 'REGISTRATION (?:NUMBER|NO)',
  ]],
  ['CONTAINER', ['CONTAINERS?', 'CONTENEURS?', 'EQUIPMENT']],
  ['TRACKING_NUMBER', trackingWords],
  ['PLATE', [
    'IMMATRICUL[A-Z]*', String.raw`IMMAT\.?`, 'PLAQUES?', 'VEHICULES?', 'TRACTEURS?', '(?:SEMI-?)?REMORQUES?', 'CAMIONS?', '(?:LICEN[CS]E )?PLATES?',
    'REGISTRATION', 'VEHICLES?', 'TRUCKS?', 'TRAILERS?', 'FOURGONS?', 'VOITURES?',
  ]],
  ['PHONE', ['TEL', 'TELEPHONES?', 'PHONES?', 'PORTABLES?', 'MOBILES?', 'FAX', 'TELECOPIE', 'GSM', 'WHATSAPP', 'STANDARD']],
  ['EMAIL', ['E-?MAILS?', 'COURRIELS?', 'MAIL', 'MEL']],
  ['INVOICE_NUMBER', ['FACTURES?', 'INVOICES?', 'AVOIRS?', 'CREDIT NOTES?', 'NOTES? DE CREDIT']],
  ['OTHER', [
    'COMMANDES?', 'CLIENTS?', 'DOSSIERS?', 'COMPTES?', 'CONTRATS?', 'DEVIS', 'BORDEREAUX?', 'BON', 'BL', 'LOTS?', 'SERIE', 'SERIAL', 'BATCH', 'GLN',
    'ICS', 'EORI', 'MATRICULE', 'ORDERS?', 'CUSTOMERS?', 'ACCOUNTS?', 'POLICE', 'ASSURANCE', 'CARTES?', 'CARDS?', 'SECURITE SOCIALE', 'NIR', 'RESERVATION',
    'BOOKING', 'TICKET', 'TRANSACTION', 'BIC', 'SWIFT', 'CAPITAL', 'MANDAT', 'RUM', 'SINISTRE', 'AGREMENT', 'LICENCE', 'ADHERENT', 'ABONNE', 'IMEI',
  ]],
]
