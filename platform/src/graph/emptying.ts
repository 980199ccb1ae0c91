import { readingVerbs, writeVerbs, type CypherEngine } from './engine.ts'

/** What one transaction removes: nodes go with all their relations. */
const batch = 200

/** The positions first: who comes to feed a half-emptied graph begins at the first fact. */
export async function forgetAll(engine: CypherEngine, organizationId: string): Promise<void> {
  const read = readingVerbs(engine, organizationId)
  const page = { after: '', limit: batch }
  await writeVerbs(engine, organizationId, (run) => run('forget_applied', {}))
  for (let rows = await read('list_documents', page); rows.length > 0; rows = await read('list_documents', page)) {
    const ids = rows.map(({ id }) => id)
    await writeVerbs(engine, organizationId, (run) => run('forget_documents', { ids }))
  }
  for (let rows = await read('list_entities', page); rows.length > 0; rows = await read('list_entities', page)) {
    const ids = rows.map(({ id }) => id)
    await writeVerbs(engine, organizationId, (run) => run('forget_entities', { ids }))
  }
}
