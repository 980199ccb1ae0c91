import type { SealedTable } from '@passerelle/platform/sealing'

/** What is personal of a request: what is said of people and places at length. Its title stays in the clear, because lists are searched in it. */
export const serviceRequestTable: SealedTable = {
  name: 'conciergerie.service_request',
  row: 'id',
  columns: ['description'],
}

/** What the house and the client write to each other. */
export const serviceRequestMessageTable: SealedTable = {
  name: 'conciergerie.service_request_message',
  row: 'id',
  columns: ['text'],
}
