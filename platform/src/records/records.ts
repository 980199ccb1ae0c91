/**
 * What operational records have in common: how a record leads to its entity and to the documents that mention it, how it is written to the knowledge
 * graph from the log, how it is searched, loaded and paged.
 *
 * A record is found by its links, strong to weak. The same links are its hidden `linkKeys` (which documents compares with its mentions) and the
 * entities that lead to its RECORD entity, so that a record and a document meet whichever came first.
 */
export {
  addressLink,
  identifierLink,
  identifierLinks,
  linkKeysOf,
  nameLink,
  recordEntityId,
  recordTypes,
  type OperationalRecord,
  type RecordKind,
  type RecordLink,
} from './links.ts'
export { consumeRecords, writeRecord, type RecordSource } from './consumer.ts'
export { requireKnownClient } from './known-client.ts'
export { createRecordLoader, createSealedLoader, isRecordId, type RecordLoader } from './loader.ts'
export { optionalIdentifier, oneLine, optionalLine, requiredLine, unturned } from './line.ts'
export { listByName, sortName, type NamedRecords } from './named.ts'
export { requireSearch, searchColumn, searchCondition, type Search } from './search.ts'
