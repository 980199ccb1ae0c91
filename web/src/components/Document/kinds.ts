/** The kinds of documents that have a name of their own in every language, in the order a person looks for them. */
export const documentKinds = [
  'INVOICE',
  'CREDIT_NOTE',
  'QUOTE',
  'CMR',
  'DELIVERY_NOTE',
  'PROOF_OF_DELIVERY',
  'ROUTE_SHEET',
  'COMPLAINT',
  'CONTRACT',
  'CERTIFICATE',
  'EMAIL',
]
