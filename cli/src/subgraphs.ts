import { ai } from '@passerelle/ai'
import { conciergerie } from '@passerelle/conciergerie'
import { documents } from '@passerelle/documents'
import { logistics } from '@passerelle/logistics'
import { memory } from '@passerelle/memory'
import { mailTable } from '@passerelle/platform/mail/store'
import { mailQueue } from '@passerelle/platform/mail/delivery'
import { housePersonalData } from '@passerelle/platform/privacy/house'
import type { PersonalData } from '@passerelle/platform/privacy'
import { rebuildQueue, swapQueue } from '@passerelle/platform/rebuild'
import { resealQueue } from '@passerelle/platform/sealing/round'
import type { SealedTable } from '@passerelle/platform/sealing'
import type { Queue } from '@passerelle/platform/jobs'
import type { MigrationSet } from '@passerelle/platform/sql/migrate'
import type { Subgraph } from '@passerelle/platform/subgraph'
import type { Level } from '@passerelle/platform/usage'
import { tenancy } from '@passerelle/tenancy'

/** Every subgraph of the house, in the order in which their tables are made. */
export const subgraphs: readonly Subgraph[] = [tenancy, documents, logistics, conciergerie, memory, ai]

/** The tables of every room, in the order in which they are made. */
export const migrationSets: readonly MigrationSet[] = subgraphs.map(({ migrations }) => migrations)

/** What every room counts towards what an organisation may have. */
export const levels: readonly Level[] = subgraphs.flatMap((subgraph) => subgraph.levels ?? [])

/** Every queue of durable work: the house's own, then the rooms'. */
export const queues: readonly Queue<object>[] = [
  mailQueue,
  rebuildQueue,
  swapQueue,
  resealQueue,
  ...subgraphs.flatMap((subgraph) => subgraph.queues),
]

/** What each room knows of people: the house's own, then the rooms'. */
export const personalData: ReadonlyMap<string, PersonalData> = new Map([
  ['platform', housePersonalData],
  ...subgraphs.flatMap(({ name, personalData: own }) => (own ? [[name, own] as const] : [])),
])

/** Every table with columns that are about people: the house's own, then the rooms'. */
export const sealedTables: readonly SealedTable[] = [
  mailTable,
  ...subgraphs.flatMap((subgraph) => subgraph.sealedTables ?? []),
]
