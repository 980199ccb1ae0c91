import type { SealedTable } from '@passerelle/platform/sealing'

/** What staff call a link may name who has it. */
export const linkTable: SealedTable = { name: 'tenancy.client_link', row: 'id', columns: ['label'] }
