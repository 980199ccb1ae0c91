/** What one operation may be. Generous for a screen of the application, far below what would hurt. */
export const limits = {
  /** Tokens of a document; a larger one is not even parsed. */
  tokens: 5000,
  /** Fields inside fields; questions about the schema have their own rule. */
  depth: 16,
  aliases: 60,
  directives: 60,
  /** Fields after every fragment has been written out. */
  fields: 2000,
  /** Pairs of fields that are answered under the same key. */
  overlaps: 5000,
  /** Objects that an operation may ask for, lists counted by what they were asked to hold. */
  objects: 25_000,
  /** `first` of a connection, and of lists without pages such as a neighbourhood. */
  pageSize: 100,
  listSize: 300,
}
