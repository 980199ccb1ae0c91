import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import grafeo, { type GrafeoDB } from '@grafeo-db/js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLog } from '../log/log.ts'
import { cypherExplorations } from './cypher.ts'
import { day, document, entity, identifier, mention, record, relation } from './facts.testing.ts'
import { openGrafeo } from './grafeo.ts'

let folder = ''
let db: GrafeoDB

/** Two companies that share a number, one of them a client; a paper nobody has in the books; another organisation. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-exploration-'))
  const path = join(folder, 'graph.grafeo')
  const graph = await openGrafeo({ path, log: createLog({ name: 'graph', level: 'silent' }) })
  const siren = mention('siren', identifier('siren', 'SIREN', '732829320'))
  const says = (company: string) => ({ relations: [relation('siren', 'IDENTIFIES', company)] })
  await graph.recordDocument('org_a', document('1', ['acme', siren, 'lyon'], { ...says('acme'), at: day(1) }))
  await graph.recordDocument('org_a', document('2', ['acme', 'bolt', siren], { ...says('bolt'), at: day(5) }))
  const apart = mention('lyon', { chunks: [7], page: 3 })
  await graph.recordDocument('org_a', document('3', [mention('bolt', { chunks: [2] }), apart], { at: day(9) }))
  await graph.recordRecord('org_a', record('client', [entity('acme')]))
  await graph.recordDocument('org_b', document('4', ['acme', 'secret', siren], { ...says('secret'), at: day(20) }))
  await graph.close()
  db = grafeo.GrafeoDB.create(path)
})
afterAll(async () => {
  db.close()
  await rm(folder, { recursive: true })
})

const answers: Record<string, { parameters: object; rows: unknown[] }> = {
  most_connected: {
    parameters: { type: 'ORGANIZATION', limit: 2 },
    rows: [
      { name: 'acme', type: 'ORGANIZATION', kind: null, documents: 2, relations: 2 },
      { name: 'bolt', type: 'ORGANIZATION', kind: null, documents: 2, relations: 1 },
    ],
  },
  who_identifies_whom: {
    parameters: { kind: 'SIREN', limit: 10 },
    rows: ['acme', 'bolt'].map((company) => ({
      company,
      kind: 'SIREN',
      number: '732829320',
      sources: 1,
      confidence: 0.8,
    })),
  },
  shared_identifiers: {
    parameters: { limit: 10 },
    rows: [{ kind: 'SIREN', number: '732829320', names: ['acme', 'bolt'], count: 2 }],
  },
  documents_in_common: {
    parameters: { from: 'ent_bolt', to: 'ent_lyon', limit: 10 },
    rows: [{ document: 'doc_3', at: day(9).toISOString(), fromPage: 1, toPage: 3, together: false }],
  },
  new_this_period: {
    parameters: { since: day(5).toISOString(), type: 'ORGANIZATION', limit: 10 },
    rows: [{ name: 'bolt', type: 'ORGANIZATION', first: day(5).toISOString(), documents: 2 }],
  },
  unlinked_documents: {
    parameters: { limit: 10 },
    rows: [{ document: 'doc_3', at: day(9).toISOString(), mentions: 2 }],
  },
}

it.each([...cypherExplorations])(
  'exploration/%s.cypher answers what it says, of one organisation',
  async (name, text) => {
    const answer = answers[name]
    const result = await db.executeCypher(text, { ...answer?.parameters, organizationId: 'org_a' })
    expect(result.toArray()).toEqual(answer?.rows)
  },
)

it.each([...cypherExplorations])(
  'exploration/%s.cypher only reads, and stands in the list of its folder',
  async (name, text) => {
    expect(text).not.toMatch(/\b(CREATE|MERGE|SET|DELETE|REMOVE|DROP|LOAD|FOREACH)\b/)
    const list = await readFile(new URL('../../../cypher/exploration/README.md', import.meta.url), 'utf8')
    expect(list).toContain(`\`${name}.cypher\``)
  },
)
