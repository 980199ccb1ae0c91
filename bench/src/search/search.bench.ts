import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@passerelle/platform/log'
import { openSql } from '@passerelle/platform/sql'
import { openEmbeddedPostgres } from '@passerelle/platform/sql/embedded'
import { migrate } from '@passerelle/platform/sql/migrate'
import type { Vectors } from '@passerelle/platform/vectors'
import { openEmbeddedVectors } from '@passerelle/platform/vectors/embedded'
import pg from 'pg'
import { drawChunks, drawQuestions } from './corpus.ts'

const sizes = [1_000, 10_000, 100_000]
const chunksPerDocument = 20
const topK = 10
const questions = drawQuestions(210)
/** The peer takes a second a question at 100k; fewer of the same ones show it. */
const peerQuestions = questions.slice(0, 60)
const warmUp = 10

/**
 * Search by words among 1k, 10k and 100k chunks (`npm run bench -- search [chunks …]`), beside PostgreSQL's own full-text search over the same terms: GIN,
 * any of the words, ts_rank. What is measured is a call of the port; the peer is a bare query.
 */
export async function run(args: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-bench-'))
  const log = createLog({ name: 'bench', level: 'error' })
  const server = await openEmbeddedPostgres({ folder: join(folder, 'sql'), log })
  const peer = new pg.Client(server.owner)
  try {
    await migrate(server.owner, [])
    await peer.connect()
    await peer.query('create table peer (id text primary key, collection text not null, terms tsvector not null)')
    await peer.query('create index peer_terms on peer using gin (terms)')
    const sql = openSql({ ...server.owner, user: 'passerelle_app' })
    const vectors = await openEmbeddedVectors({ sql, folder: join(folder, 'vectors'), log })
    for (const size of args.length > 0 ? args.map(Number) : sizes) await compare(vectors, peer, size)
    await vectors.close()
    await sql.close()
  } finally {
    await peer.end()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function compare(vectors: Vectors, peer: pg.Client, size: number): Promise<void> {
  const collection = `of ${size}`
  const written = await write(vectors, peer, { size, collection })
  await peer.query('vacuum analyze')
  console.log(
    `\n${size} chunks (written at ${written.toFixed(0)} chunks/s), top ${topK} of ${questions[0]?.length} terms`,
  )
  const ours = await measure(questions, (sparse) => vectors.search('org_bench', collection, { sparse, limit: topK }))
  const theirs = await measure(peerQuestions, (terms) => peer.query(peerQuery, [collection, terms.join(' | '), topK]))
  report('passerelle, BM25', ours, theirs)
  report('PostgreSQL ts_rank (peer)', theirs, theirs)
}

const peerQuery = `
  select id, ts_rank(terms, asked) as score from peer, to_tsquery('simple', $2) as asked
  where collection = $1 and terms @@ asked order by score desc, id limit $3`

async function write(
  vectors: Vectors,
  peer: pg.Client,
  { size, collection }: { size: number; collection: string },
): Promise<number> {
  let spent = 0
  let document: { id: string; terms: Map<string, number> }[] = []
  const flush = async (documentId: string): Promise<void> => {
    const facts = { documentId, dense: null, contentType: 'application/pdf', kind: null, createdAt: new Date() }
    const startedAt = performance.now()
    await vectors.upsert(
      'org_bench',
      collection,
      document.map((chunk) => ({ ...chunk, ...facts })),
    )
    spent += performance.now() - startedAt
    const words = document.map(({ terms }) =>
      [...terms].flatMap(([term, times]) => Array<string>(times).fill(term)).join(' '),
    )
    await peer.query(
      `insert into peer select id, $1, to_tsvector('simple', words) from unnest($2::text[], $3::text[]) as given (id, words)`,
      [collection, document.map(({ id }) => `${collection} ${id}`), words],
    )
    document = []
  }
  let count = 0
  for (const terms of drawChunks(size)) {
    document.push({ id: `chk_${String(count++).padStart(32, '0')}`, terms })
    if (document.length === chunksPerDocument) await flush(`doc_${String(count).padStart(32, '0')}`)
  }
  return (size * 1_000) / spent
}

interface Measured {
  p50: number
  p95: number
}

async function measure(asked: readonly string[][], ask: (terms: string[]) => Promise<unknown>): Promise<Measured> {
  const times: number[] = []
  for (const terms of asked) {
    const startedAt = performance.now()
    await ask(terms)
    times.push(performance.now() - startedAt)
  }
  const sorted = times.slice(warmUp).sort((a, b) => a - b)
  return { p50: sorted[Math.floor(sorted.length * 0.5)] ?? 0, p95: sorted[Math.floor(sorted.length * 0.95)] ?? 0 }
}

function report(name: string, { p50, p95 }: Measured, peer: Measured): void {
  console.log(
    `  ${name.padEnd(28)} p50 ${p50.toFixed(1).padStart(7)} ms   p95 ${p95.toFixed(1).padStart(7)} ms   ${(peer.p50 / p50).toFixed(1)}× the peer's speed`,
  )
}
