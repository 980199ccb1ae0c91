import type { Subgraph } from '@passerelle/platform/subgraph'
import { tenancy } from '@passerelle/tenancy'

/** Every subgraph of the house, in the order in which their tables are made. */
export const subgraphs: readonly Subgraph[] = [tenancy]
