/**
 * The search index: per organisation and collection, points with a sparse side (terms) and, when an embedding model answered, a dense
 * side. The organisation is a parameter of every verb and never a part of the filter, so that a caller cannot leave it out.
 *
 * Promises, on every adapter:
 * - `upsert` of a point id replaces the point whole; once it resolves, a search sees it, also after a kill -9.
 * - `replaceDocument` leaves the document exactly these points; a search meanwhile finds the former ones, or these, or some of both, and never none.
 * - `removeDocument` removes every point of the document on both sides; repeating it is harmless.
 * - `search` returns at most `limit` points after `offset`, best first, ties by id, deterministic for the same content. The sparse score is
 *   BM25 over the organisation's own points (k1 1.2, b 0.75, document frequencies of that organisation and collection alone, a repeated query term
 *   counts again; of a question with more than 32 different terms the 32 rarest are asked, or the longest where the engine cannot tell). The dense score is cosine, in [-1, 1]. Hybrid is reciprocal-rank fusion (k 60) of each side's 1,000 best, whatever page is asked for;
 *   which of two points comes first that are equal on one side, the engine decides.
 * - Only points whose filter matches are scored; an empty list in a filter matches nothing; an absent key matches all. `createdAfter` is
 *   inclusive, `createdBefore` is not. A filter never changes a score.
 * - Losing the dense side leaves the sparse one, and `pointsWithoutDense` says what to embed again.
 * - An engine that does not answer throws EngineUnavailable; a page, vector or term that makes no sense is refused with InvalidInput.
 */
export interface Vectors {
  upsert(organizationId: string, collection: string, points: readonly Point[]): Promise<void>
  replaceDocument(
    organizationId: string,
    collection: string,
    document: { documentId: string; points: readonly Point[] },
  ): Promise<void>
  removeDocument(organizationId: string, collection: string, documentId: string): Promise<void>
  search(organizationId: string, collection: string, query: VectorQuery): Promise<ScoredPoint[]>
  /** Ids of points that have no vector in this model's space, oldest first: never embedded, embedded by another model, or lost. */
  pointsWithoutDense(
    organizationId: string,
    collection: string,
    query: { model: string; limit: number },
  ): Promise<string[]>
  /** Number of points; for status pages and proofs. */
  count(organizationId: string, collection: string): Promise<number>
  /**
   * The vectors of an organisation that were removed before are in no file of an embedded engine any more, and neither are those of models that none of its points
   * has a vector of. A server of one's own takes the space again when it wants it: nobody can ask a Qdrant to.
   */
  compact(organizationId: string): Promise<void>
  renewal: Renewal
  health(): Promise<void>
  close(): Promise<void>
}

/**
 * Making the whole index again from the rows while it serves: begin, write every document of every organisation with `replaceDocument`, settle each
 * organisation, finish. Each step can be repeated. An engine that can fills another index beside the one that is read; in others each document's points
 * take the place of the former ones.
 */
export interface Renewal {
  /** From now on every process writes to both. One that was begun goes on. */
  begin(): Promise<void>
  /**
   * For a document that cannot be written again, or not with its vectors: its points go on as they are. False when there is no other index that they
   * could go on in.
   */
  carryOver(organizationId: string, collection: string, documentId: string): Promise<boolean>
  /** Removes the points of documents that are gone; `held` answers which of some there are. */
  settle(organizationId: string, collection: string, held: Held): Promise<void>
  /** What was filled takes the place of what was read, in one step; nothing when nothing was begun. */
  finish(): Promise<void>
}

export type Held = (documentIds: readonly string[]) => Promise<ReadonlySet<string>>

export interface Point {
  id: string
  documentId: string
  /** Analysed terms of the text with their frequencies. */
  terms: ReadonlyMap<string, number>
  /** null while no embedding model answers; the model's name tells which space the vector lies in. */
  dense: { model: string; vector: readonly number[] } | null
  contentType: string
  kind: string | null
  createdAt: Date
}

export interface VectorQuery {
  sparse?: readonly string[]
  dense?: DenseQuery
  /** The same question in spaces of other models, where points lie that are yet to be embedded again: each is a side of its own. */
  formerly?: readonly DenseQuery[]
  filter?: VectorFilter
  limit: number
  offset?: number
}

export interface DenseQuery {
  model: string
  vector: readonly number[]
}

export interface VectorFilter {
  documentIds?: readonly string[]
  contentTypes?: readonly string[]
  kinds?: readonly string[]
  createdAfter?: Date
  createdBefore?: Date
}

export interface ScoredPoint {
  id: string
  documentId: string
  score: number
}
