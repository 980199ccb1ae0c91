/** What one operation may be. Generous for a screen of the application, far below what would hurt. */
export const limits = {
  /** Characters of a document; a longer one is not even parsed. */
  text: 100_000,
  /** Tokens of a document; what comes after them is not read. */
  tokens: 5000,
  /** Fields inside fields; questions about the schema have their own rule. */
  depth: 16,
  /** Selections inside selections, fragments written out: the planner reads 48, and gives up beyond. */
  nesting: 40,
  aliases: 60,
  directives: 60,
  /** Fields after every fragment has been written out. */
  fields: 2000,
  /** Pairs of fields that are answered under the same key. */
  overlaps: 5000,
  /** Operations and fragments that stand in one document, and places where fragments are spread. */
  operations: 20,
  fragments: 100,
  spreads: 500,
  variables: 100,
  /** Lists and objects inside each other, in the document or in a variable. */
  inputDepth: 12,
  /** Values in the variables together, and in one list of them. */
  inputValues: 10_000,
  inputList: 1000,
  /** Lists inside lists of the schema's own description. */
  introspections: 2,
  /** Times that the whole schema is asked for, with every alias in what describes it: each has all of it written once more. */
  descriptions: 2,
  /** Objects that an operation may ask for, lists counted by what they were asked to hold. */
  objects: 25_000,
  /** `first` of a connection, and of lists without pages such as a neighbourhood. */
  pageSize: 100,
  listSize: 300,
}
