import { createClient, type Client } from 'graphql-ws'
import WebSocket from 'ws'

/** What comes back, errors and all. */
interface Answer<Data> {
  data: Data | null
  errors?: { message: string; extensions?: { code?: string } }[]
  extensions?: Record<string, unknown>
}

/** A client of the public API, as a partner would write one. */
export interface ApiClient {
  /** The answer's data; errors are thrown with their messages. */
  ask<Data>(query: string, variables?: Record<string, unknown>): Promise<Data>
  /** The answer as it came, errors and all. */
  answer<Data>(query: string, variables?: Record<string, unknown>): Promise<Answer<Data>>
  /** Announces a file and sends its bytes; the id of the document that holds them. */
  upload(filename: string, bytes: Uint8Array): Promise<string>
  /** A connection for subscriptions. */
  socket(): Client
  readonly token: string | null
}

/** A client of the installation at `url`; `token` null asks as nobody. */
export function createApiClient(url: string, token: string | null): ApiClient {
  async function answer<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Answer<Data>> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
    })
    return (await response.json()) as Answer<Data>
  }

  async function ask<Data>(query: string, variables?: Record<string, unknown>): Promise<Data> {
    const { data, errors } = await answer<Data>(query, variables)
    if (errors || !data) throw new Error(errors?.map(({ message }) => message).join('\n') ?? 'No data.')
    return data
  }

  return {
    token,
    ask,
    answer,
    async upload(filename, bytes) {
      const { createUpload } = await ask<{ createUpload: { __typename: string; url: string; method: string } }>(
        `mutation ($input: CreateUploadInput!) { createUpload(input: $input) { __typename ... on Upload { url method } } }`,
        { input: { filename, size: bytes.length } },
      )
      const response = await fetch(new URL(createUpload.url, url), {
        method: createUpload.method,
        body: new Uint8Array(bytes),
      })
      if (!response.ok) throw new Error(`The upload was refused with ${response.status}: ${await response.text()}`)
      return ((await response.json()) as { documentId: string }).documentId
    },
    socket: () =>
      createClient({
        url: `${url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: token ? `Bearer ${token}` : undefined },
        retryAttempts: 0,
        lazy: true,
      }),
  }
}

let people = 0

/** Somebody of a new organisation. */
export async function signUp(url: string, organizationName = 'Fret Sud'): Promise<ApiClient> {
  const { signUp: session } = await createApiClient(url, null).ask<{ signUp: { accessToken: string } }>(
    `mutation ($email: String!, $organizationName: String!) {
      signUp(email: $email, password: "un long mot de passe", name: "Ada", organizationName: $organizationName) { ... on Session { accessToken } } }`,
    { email: `ada.${process.pid}.${Date.now()}.${people++}@exemple.fr`, organizationName },
  )
  return createApiClient(url, session.accessToken)
}

/** Logs in; null when that is refused. */
export async function logIn(url: string, email: string, password: string): Promise<ApiClient | null> {
  const { logIn: session } = await createApiClient(url, null).ask<{ logIn: { accessToken?: string } }>(
    `mutation ($email: String!, $password: String!) { logIn(email: $email, password: $password) { ... on Session { accessToken } } }`,
    { email, password },
  )
  return session.accessToken ? createApiClient(url, session.accessToken) : null
}

export interface DocumentState {
  id: string
  title: string
  status: { stage: string; degraded: string[]; error: { code: string } | null }
}

/** Stages that end a reading. */
export const finalStages = ['READY', 'FAILED', 'CANCELLED']

/** Waits until no document of the organisation is being read, and answers all of them. */
export async function settled(client: ApiClient, milliseconds = 180_000): Promise<DocumentState[]> {
  const until = Date.now() + milliseconds
  for (;;) {
    const states = await listDocuments(client)
    if (states.every(({ status }) => finalStages.includes(status.stage))) return states
    if (Date.now() > until)
      throw new Error(
        `Still being read: ${JSON.stringify(states.filter(({ status }) => !finalStages.includes(status.stage)))}`,
      )
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Every document of the organisation, page after page. */
export async function listDocuments(client: ApiClient): Promise<DocumentState[]> {
  const all: DocumentState[] = []
  let after: string | null = null
  do {
    const {
      documents,
    }: { documents: { nodes: DocumentState[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } } =
      await client.ask(
        `query ($after: String) { documents(first: 100, after: $after) { nodes { id title status { stage degraded error { code } } } pageInfo { hasNextPage endCursor } } }`,
        { after },
      )
    all.push(...documents.nodes)
    after = documents.pageInfo.hasNextPage ? documents.pageInfo.endCursor : null
  } while (after)
  return all
}
