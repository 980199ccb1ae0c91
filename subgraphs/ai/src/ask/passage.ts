/** A passage of a document that may hold the answer. */
export interface Passage {
  chunkId: string
  documentId: string
  title: string
  /** Its place in the document. */
  index: number
  text: string
  /** The pages it is printed on, first to last. */
  pages: number[]
}
