import type { ApiClient } from './client.ts'

/**
 * What came of a request: 'answered', how a question was answered, the type of a refusal, or what did not answer, such as 'graph away'. What a
 * client cannot make sense of is told in full.
 */
export type Outcome = string

export type Request = (client: ApiClient) => Promise<Outcome>

/** An address of this run's own: attempts are counted. */
const nobody = `nobody.${process.pid}.${Date.now()}@exemple.fr`

const question = 'Quel est le transporteur de la lettre 0 ?'

/** What people do all day, each request on the engines that it needs. */
export const requests = {
  viewer: asking('{ viewer { roles organization { name } } }'),
  lists: asking('{ documents(first: 5) { totalCount nodes { title kind status { stage } } } }'),
  reader: asking(
    '{ documents(first: 2) { nodes { pageCount fields { name value } chunks(first: 2) { nodes { text boxes { page } } } } } }',
  ),
  records: asking('{ shipments(first: 5) { totalCount nodes { trackingNumber status } } }'),
  search: asking('{ search(query: "Atlantique", first: 5) { nodes { chunk { document { title } } highlights } } }'),
  graph: asking('{ entities(first: 5) { nodes { name documents { totalCount } } } }'),
  ask: asking(
    `mutation { ask(input: { question: "${question}" }) { __typename ... on Answer { mode } ... on EngineUnavailable { engine } } }`,
  ),
  askOfRecords: asking(
    `mutation { ask(input: { question: "Où en est l’expédition 6A12345678901 ?" }) { __typename ... on Answer { mode } ... on EngineUnavailable { engine } } }`,
  ),
  logIn: asking(
    `mutation { logIn(email: "${nobody}", password: "pas le bon") { __typename ... on Session { accessToken } } }`,
  ),
} satisfies Record<string, Request>

function asking(query: string): Request {
  return async (client) => {
    const { data, errors } = await client.answer<Record<string, unknown>>(query)
    const [failure] = errors ?? []
    if (failure) return awayOr(failure.extensions, failure)
    const [result] = Object.values(data ?? {})
    if (!isRecord(result) || !result.__typename) return 'answered'
    if (result.__typename === 'EngineUnavailable') return `${String(result.engine)} away`
    return String(result.mode ?? result.__typename)
  }
}

/** Fetches something that is not of the graph. */
export async function fetching(url: URL, init: RequestInit = {}): Promise<{ outcome: Outcome; text: string }> {
  const response = await fetch(url, init)
  const text = await response.text()
  if (response.ok) return { outcome: 'answered', text }
  const said: unknown = parse(text)
  const refusal = isRecord(said) && Array.isArray(said.errors) ? said.errors[0]?.extensions : said
  return { outcome: response.status === 503 ? awayOr(refusal, text) : `${response.status} ${text}`, text }
}

/** Announces a file and sends its bytes to `url` if that went well; `documentId` null when it did not. */
export async function uploadOnce(
  client: ApiClient,
  { url, filename, bytes, link }: { url: string; filename: string; bytes: Uint8Array; link: string | null },
): Promise<{ outcome: Outcome; link: string | null; documentId: string | null }> {
  const announced = link ? { outcome: 'answered', link } : await announce(client, filename, bytes.length)
  if (!announced.link) return { ...announced, documentId: null }
  const sent = await fetching(new URL(announced.link, url), { method: 'PUT', body: new Uint8Array(bytes) })
  const said: unknown = parse(sent.text)
  const documentId = sent.outcome === 'answered' && isRecord(said) ? String(said.documentId) : null
  return { outcome: sent.outcome, link: announced.link, documentId }
}

async function announce(
  client: ApiClient,
  filename: string,
  size: number,
): Promise<{ outcome: Outcome; link: string | null }> {
  const { data, errors } = await client.answer<{ createUpload: { url: string } }>(
    `mutation ($input: CreateUploadInput!) { createUpload(input: $input) { ... on Upload { url } } }`,
    { input: { filename, size } },
  )
  const [failure] = errors ?? []
  return failure
    ? { outcome: awayOr(failure.extensions, failure), link: null }
    : { outcome: 'answered', link: data?.createUpload.url ?? null }
}

function awayOr(refusal: unknown, whole: unknown): Outcome {
  return isRecord(refusal) && refusal.code === 'ENGINE_UNAVAILABLE' && refusal.engine
    ? `${String(refusal.engine)} away`
    : JSON.stringify(whole)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
