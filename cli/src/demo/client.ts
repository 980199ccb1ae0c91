import { Obstacle } from '../obstacle.ts'
import { texts } from './texts.ts'

type DemoMutation =
  | 'createShipment'
  | 'createClient'
  | 'createProperty'
  | 'createBooking'
  | 'createServiceRequest'
  | 'addServiceRequestMessage'
  | 'changeServiceRequestStatus'

/** The few calls of the public API that the demo is made with. */
export interface DemoClient {
  /** False when the address has an account already; an `Obstacle` where nobody opens organisations. */
  signUp(account: { email: string; password: string; name: string; organizationName: string }): Promise<boolean>
  logIn(email: string, password: string): Promise<void>
  /** Creates a record; one that is there already stays as it is. Gives its id where the mutation tells it. */
  create(mutation: DemoMutation, input: object): Promise<string>
  /** The ids of the clients and properties that are there, by name. */
  recordIds(): Promise<Map<string, string>>
  /** Sends a file; gives the id of its document. */
  upload(filename: string, bytes: Buffer): Promise<string>
  /** Lets a client read a document. */
  share(documentId: string, clientId: string): Promise<void>
}

type Answer = Record<
  string,
  {
    __typename: string
    message?: string
    path?: string[]
    id?: string
    accessToken?: string
    nodes?: { id: string; name: string }[]
  }
>

export function openDemoClient(url: string): DemoClient {
  let token: string | undefined

  async function call(query: string, variables: object): Promise<Answer> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
    })
    const { data, errors } = (await response.json()) as { data?: Answer; errors?: { message: string }[] }
    if (!data || errors) throw new Error(`The demo could not be made: ${errors?.[0]?.message ?? response.statusText}`)
    return data
  }

  function enter(session: Answer[string] | undefined): boolean {
    token = session?.accessToken
    return token !== undefined
  }

  return {
    async signUp(account) {
      const data = await call(texts.signUp, account)
      const isTaken = data.signUp?.path?.[0] === 'email'
      if (data.signUp?.__typename === 'NotAllowed')
        throw new Obstacle(
          'The demo opens an organisation, and PASSERELLE_SIGN_UP is off: start once with it on, or without the demo (PASSERELLE_DEMO=off).',
        )
      if (!enter(data.signUp) && !isTaken) throw new Error(`The demo could not be made: ${data.signUp?.message}`)
      return !isTaken
    },
    async logIn(email, password) {
      const data = await call(texts.logIn, { email, password })
      if (!enter(data.logIn)) throw new Error('The demo account could not log in.')
    },
    async create(mutation, input) {
      const {
        __typename: made,
        id = '',
        path,
        message,
      } = (await call(texts[mutation], { input }))[mutation] ?? { __typename: '' }
      const isThere = made === 'BookingConflict' || path?.[0] === 'trackingNumber'
      if (message && !isThere) throw new Error(`The demo could not be made: ${message}`)
      return id
    },
    async recordIds() {
      const data = await call(texts.recordIds, {})
      return new Map(
        Object.values(data).flatMap(({ nodes }) => nodes?.map(({ id, name }) => [name, id] as const) ?? []),
      )
    },
    async upload(filename, bytes) {
      const data = await call(texts.createUpload, { input: { filename, size: bytes.length } })
      const upload = data.createUpload as
        | { url?: string; method?: string; message?: string; document?: { id: string } }
        | undefined
      if (!upload?.url || !upload.document) throw new Error(`The demo could not be made: ${upload?.message}`)
      const response = await fetch(new URL(upload.url, url), {
        method: upload.method ?? 'PUT',
        body: new Uint8Array(bytes),
      })
      if (!response.ok) throw new Error(`The demo could not be made: ${filename} was refused with ${response.status}.`)
      return upload.document.id
    },
    async share(documentId, clientId) {
      await call(texts.shareDocument, { documentId, clientId })
    },
  }
}
