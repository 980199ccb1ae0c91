import { ai } from '@passerelle/ai'
import { conciergerie } from '@passerelle/conciergerie'
import { documents } from '@passerelle/documents'
import { logistics } from '@passerelle/logistics'
import { memory } from '@passerelle/memory'
import { mailQueue } from '@passerelle/platform/mail/delivery'
import type { Queue } from '@passerelle/platform/jobs'
import type { MigrationSet } from '@passerelle/platform/sql/migrate'
import type { Subgraph } from '@passerelle/platform/subgraph'
import { tenancy } from '@passerelle/tenancy'
import { rebuildQueue } from './rebuild/queue.ts'

/** Every subgraph of the house, in the order in which their tables are made. */
export const subgraphs: readonly Subgraph[] = [tenancy, documents, logistics, conciergerie, memory, ai]

/** The tables of every room, in the order in which they are made. */
export const migrationSets: readonly MigrationSet[] = subgraphs.map(({ migrations }) => migrations)

/** Every queue of durable work: the house's own, then the rooms'. */
export const queues: readonly Queue<object>[] = [
  mailQueue,
  rebuildQueue,
  ...subgraphs.flatMap((subgraph) => subgraph.queues),
]
