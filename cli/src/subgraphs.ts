import { ai } from '@passerelle/ai'
import { conciergerie } from '@passerelle/conciergerie'
import { documents } from '@passerelle/documents'
import { logistics } from '@passerelle/logistics'
import { memory } from '@passerelle/memory'
import type { Subgraph } from '@passerelle/platform/subgraph'
import { tenancy } from '@passerelle/tenancy'

/** Every subgraph of the house, in the order in which their tables are made. */
export const subgraphs: readonly Subgraph[] = [tenancy, documents, logistics, conciergerie, memory, ai]
