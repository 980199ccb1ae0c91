import { vi } from 'vitest'
import { newId } from '@passerelle/platform/ids'
import type { Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import {
  createTestClient,
  openTestPlatform,
  type TestClient,
  type TestPlatform,
} from '@passerelle/platform/subgraph/testing'
import { tenancy } from './index.ts'

/** A session, or the refusal that came instead. */
export interface Session {
  __typename: string
  code?: string
  path?: string[]
  accessToken: string
  refreshToken: string
  viewer: {
    user: { id: string; email: string; name: string }
    organization: { id: string; name: string }
    roles: string[]
    scopes: string[]
  }
}

export interface Account {
  email: string
  password: string
  name: string
  organizationName: string
}

/** The tenancy subgraph on real engines, and what most tests do with it. */
export interface TestTenancy {
  platform: TestPlatform
  client: TestClient
  /** Signs up somebody new, who is like `given` where that says so. */
  signUp(given?: Partial<Account>): Promise<Session>
  logIn(email: string, password: string): Promise<Session>
  refresh(refreshToken: string): Promise<Session>
  viewerOf(session: Session): Promise<Viewer>
  /** The token of the newest link that was written to the person of a session, once the job has; `after` is one that is known already. */
  linkTo(session: Session, after?: string): Promise<string>
  close(): Promise<void>
}

const fields = `__typename ... on Refusal { code }
  ... on Session { accessToken refreshToken viewer { user { id email name } organization { id name } roles scopes } }`

/** `engines` replaces some of the platform's. */
export async function openTestTenancy(engines: Partial<Platform> = {}): Promise<TestTenancy> {
  const platform = await openTestPlatform({ sets: [tenancy.migrations], queues: tenancy.queues, engines })
  const work = await tenancy.work?.(platform)
  const client = createTestClient(platform, tenancy)
  const viewerOf = (session: Session): Promise<Viewer> => readViewer(platform, session)
  return {
    platform,
    client,
    async signUp(given = {}) {
      const account = {
        email: `${newId('p')}@exemple.fr`,
        password: 'un mot de passe',
        name: 'Ada',
        organizationName: 'Fret Sud',
        ...given,
      }
      const data = await client.data<{ signUp: Session }>(
        null,
        `mutation ($email: String!, $password: String!, $name: String!, $organizationName: String!) {
          signUp(email: $email, password: $password, name: $name, organizationName: $organizationName) { ... on InvalidInput { path } ${fields} } }`,
        account,
      )
      return data.signUp
    },
    async logIn(email, password) {
      const text = `mutation ($email: String!, $password: String!) { logIn(email: $email, password: $password) { ${fields} } }`
      return (await client.data<{ logIn: Session }>(null, text, { email, password })).logIn
    },
    async refresh(refreshToken) {
      const text = `mutation ($refreshToken: String!) { refreshSession(refreshToken: $refreshToken) { ${fields} } }`
      return (await client.data<{ refreshSession: Session }>(null, text, { refreshToken })).refreshSession
    },
    viewerOf,
    linkTo: async (session, after) => findLink(platform, { viewer: await viewerOf(session), after }),
    async close() {
      await work?.stop()
      await platform.close()
    },
  }
}

/** The token of the newest link to choose a password, once one is written that is not `after`. */
function findLink(
  { mail }: TestPlatform,
  { viewer, after }: { viewer: Viewer; after: string | undefined },
): Promise<string> {
  return vi.waitFor(
    async () => {
      const { nodes } = await mail.kept(viewer, { first: 10, after: null })
      const token = nodes.flatMap(({ text }) => /\/reset\?token=([\w-]+)/.exec(text ?? '')?.[1] ?? [])[0]
      if (!token || token === after) throw new Error('No link has been written.')
      return token
    },
    { timeout: 60_000, interval: 50 },
  )
}

async function readViewer({ keys }: TestPlatform, { accessToken }: Session): Promise<Viewer> {
  const verified = await keys.verifyAccessToken(accessToken)
  if (!verified) throw new Error('The token does not hold.')
  return verified.viewer
}
