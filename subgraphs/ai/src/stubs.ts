import { builder } from './builder.ts'

// What answers, calls and hand-overs point to in other subgraphs: only the ids are known here.
export const DocumentStub = builder.externalRef('Document', builder.selection<{ id: string }>('id')).implement({
  externalFields: (t) => ({ id: t.id() }),
})
export const ChunkStub = builder.externalRef('Chunk', builder.selection<{ id: string }>('id')).implement({
  externalFields: (t) => ({ id: t.id() }),
})
export const UserStub = builder.externalRef('User', builder.selection<{ id: string }>('id')).implement({
  externalFields: (t) => ({ id: t.id() }),
})
