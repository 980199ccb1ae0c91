import type { Readable } from 'node:stream'
import type { Tx } from '../sql/sql.ts'
import type { Platform } from '../subgraph/subgraph.ts'
import type { Subject } from './subject.ts'

export { createSubject, subjectInput, type Subject, type SubjectInput } from './subject.ts'
export { createMatcher, type Matcher } from './matcher.ts'
export { createReceipt, readReceipt, verifyReceipt, type Receipt, type SignedReceipt } from './receipt.ts'

/**
 * What a room does when somebody asks what is known of them, or wants it gone: its part of every store that it writes to, and no other's.
 *
 * Promises: `find` changes nothing. `erase` may run again, after a kill or in a restored installation, and does then what is left to do; once it has
 * resolved, `find` answers only what had to be kept. Neither ever looks beyond the organisation.
 */
export interface PersonalData {
  find(platform: Platform, request: SubjectRequest): Promise<Holding[]>
  /** The clients of the organisation that the person is, for the rooms that know clients by their ids alone. */
  findClients?(platform: Platform, request: SubjectRequest): Promise<readonly string[]>
  /** The person's data as files: JSON of rows, and the bytes of documents. */
  export(platform: Platform, request: ExportRequest): AsyncIterable<ExportedFile>
  erase(platform: Platform, request: ErasureRequest): Promise<void>
  /** Everything of an organisation that is not a row: points, nodes, blobs, short-lived state. Its rows go afterwards, with those of all rooms. */
  eraseOrganization?(
    platform: Platform,
    request: { organizationId: string; signal: AbortSignal },
  ): Promise<ErasedStore[]>
  /** The rows of an organisation as JSON lines, and its files, for whoever takes everything along. */
  exportOrganization?(
    platform: Platform,
    request: { organizationId: string; signal: AbortSignal },
  ): AsyncIterable<ExportedFile>
  /** What is removed by age. */
  retention?: readonly RetentionNoun[]
}

export interface SubjectRequest {
  organizationId: string
  subject: Subject
  signal: AbortSignal
}

export interface ExportRequest extends SubjectRequest {
  /** The clients that the person is, as all rooms together know them. */
  clientIds: readonly string[]
}

/** Documents that name the person are deleted, or stay with the person masked in everything that was read from them, and their file taken away. */
export const erasureChoices = ['DELETE_DOCUMENTS', 'REDACT_MENTIONS'] as const
export type ErasureChoice = (typeof erasureChoices)[number]

export interface ErasureRequest extends SubjectRequest {
  choice: ErasureChoice
}

/** Why something stays although somebody asked for it to go. */
export const keptReasons = ['LEGAL_RETENTION', 'APPEND_ONLY'] as const
export type KeptReason = (typeof keptReasons)[number]

/** What a store has of the person. */
export interface Holding {
  /** Schema and table, or engine and kind: `documents.page`, `graph.entity`. */
  store: string
  /** Of the rows, points or nodes; never personal text. */
  ids: readonly string[]
  /** Set for what an erasure leaves behind, and why. */
  kept?: KeptReason
}

export interface ErasedStore {
  store: string
  count: number
}

export interface ExportedFile {
  /** In the archive: `conciergerie/clients.json`. */
  path: string
  content: string | Buffer | Readable
}

/** A kind of thing that may be kept for a number of days and not longer. */
export interface RetentionNoun {
  /** For good: `documents.INVOICE`. */
  noun: string
  /** The law asks for at least this long; 0 where it asks for nothing. */
  legalMinimumDays: number
  /** How many would go that are from before the moment. */
  count(tx: Tx, before: Date): Promise<number>
  /** Removes at most `most` of them, with their facts; answers how many. What has to be kept for another reason stays. */
  remove(tx: Tx, request: { before: Date; most: number }): Promise<number>
}
