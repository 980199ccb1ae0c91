import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { signUrl, type UrlClaims } from '@passerelle/platform/blobs/signed-url'
import { beforeAll, expect, test } from 'vitest'
import { createApiClient, signUp, type ApiClient } from '../client.ts'
import { listBlobs } from '../inside.ts'
import type { Passerelle } from '../passerelle.ts'

const bytes = new TextEncoder().encode('Une page qui ne regarde personne.\n')

/** Files go in and out by signed links alone: each is good for one document, one purpose and a short time. */
export function linkCases(house: Passerelle): void {
  let they: ApiClient
  let we: ApiClient
  let theirs: string
  let ours: string
  beforeAll(async () => {
    ;[they, we] = await Promise.all([signUp(house.url), signUp(house.url)])
    ;[theirs, ours] = await Promise.all([they.upload('theirs.txt', bytes), we.upload('ours.txt', bytes)])
  })

  test('a link to a file gives its bytes, whole and in ranges, and nothing once the document is deleted', async () => {
    const url = new URL(await fileUrl(we, ours), house.url)
    expect(new Uint8Array(await (await fetch(url)).arrayBuffer())).toEqual(bytes)
    const part = await fetch(url, { headers: { range: 'bytes=4-7' } })
    expect([part.status, await part.text()]).toEqual([206, 'page'])
    const passing = await we.upload('passing.txt', new TextEncoder().encode('Passe.'))
    const gone = new URL(await fileUrl(we, passing), house.url)
    await we.ask(`mutation ($id: ID!) { deleteDocument(id: $id) { __typename } }`, { id: passing })
    expect((await fetch(gone)).status).toBe(403)
  })

  test('a link that is changed in any part, has expired or is for something else opens nothing', async () => {
    const url = await fileUrl(we, ours)
    const [path = '', token = ''] = url.split('?token=')
    const [body = '', seal = ''] = token.split('.')
    const claims = (JSON.parse(Buffer.from(body, 'base64url').toString()) as { claims: UrlClaims }).claims
    const foreign = Buffer.from(
      JSON.stringify({ claims: { ...claims, subjectId: theirs }, expiresAt: Date.now() + 60_000 }),
    ).toString('base64url')
    const key = await readFileKey(house)
    const later = new Date(Date.now() + 60_000)
    const tries = {
      otherDocument: `${path.replace(ours, theirs)}?token=${token}`,
      otherClaims: `${path}?token=${foreign}.${seal}`,
      noSeal: `${path}?token=${body}.`,
      cutSeal: `${path}?token=${body}.${seal.slice(0, -2)}`,
      noToken: path,
      twice: `${path}?token=${token}.${seal}`,
      expired: signUrl({ key, path, claims, expiresAt: new Date(Date.now() - 1) }),
      forUpload: signUrl({ key, path, claims: { ...claims, purpose: 'upload' }, expiresAt: later }),
      otherKey: signUrl({ key: new Uint8Array(32), path, claims, expiresAt: later }),
      // Sealed by us, as it never is: the document of one organisation with the name of another.
      acrossTheWall: signUrl({
        key,
        path: path.replace(ours, theirs),
        claims: { ...claims, subjectId: theirs },
        expiresAt: later,
      }),
    }
    const told = await Promise.all(
      Object.entries(tries).map(async ([name, address]) => [name, (await fetch(new URL(address, house.url))).status]),
    )
    expect(told.filter(([, status]) => status !== 403)).toEqual([])
  })

  test('a link ends with the session or the key that asked for it, and nobody else’s with it', async () => {
    const program = await signUp(house.url)
    const page = await program.upload('page.txt', bytes)
    const { createApiKey } = await program.ask<{ createApiKey: { token: string; apiKey: { id: string } } }>(
      `mutation { createApiKey(input: { name: "ERP", kind: INTERNAL, scopes: ["document:read"] }) { ... on NewApiKey { token apiKey { id } } } }`,
    )
    const [byKey, bySession] = await Promise.all([
      fileUrl(createApiClient(house.url, createApiKey.token), page),
      fileUrl(program, page),
    ])
    const status = async (url: string) => (await fetch(new URL(url, house.url))).status
    expect([await status(byKey), await status(bySession)]).toEqual([200, 200])
    await program.ask(`mutation ($id: ID!) { revokeApiKey(id: $id) { __typename } }`, { id: createApiKey.apiKey.id })
    expect([await status(byKey), await status(bySession)]).toEqual([403, 200])
    await program.ask(`mutation { logOut { __typename } }`)
    expect([await status(byKey), await status(bySession)]).toEqual([403, 403])
    expect(await status(await fileUrl(we, ours))).toBe(200)
  })

  test('a link to the graph gives the graph of its own organisation, and no link gives another’s', async () => {
    const [their, our] = await Promise.all([graphUrl(they), graphUrl(we)])
    const read = async (url: string) => (await fetch(new URL(url, house.url))).text()
    await expect.poll(async () => (await read(their)).includes(theirs), { timeout: 60_000, interval: 200 }).toBe(true)
    expect(await read(our)).not.toContain(theirs)
    const [path = '', token = ''] = our.split('?token=')
    const [theirPath = '', theirToken = ''] = their.split('?token=')
    const body = JSON.parse(Buffer.from(theirToken.split('.')[0] ?? '', 'base64url').toString()) as {
      claims: UrlClaims
    }
    const key = await readFileKey(house)
    const later = new Date(Date.now() + 60_000)
    const tries = {
      otherSeal: `${path}?token=${theirToken.split('.')[0]}.${token.split('.')[1]}`,
      noToken: path,
      forFile: signUrl({ key, path, claims: { ...body.claims, purpose: 'file' }, expiresAt: later }),
      expired: signUrl({ key, path, claims: body.claims, expiresAt: new Date(Date.now() - 1) }),
      asFile: `/files/${theirs}?token=${theirToken}`,
      unknownFormat: signUrl({ key, path, claims: { ...body.claims, subjectId: '__proto__' }, expiresAt: later }),
      otherPath: `${theirPath.replace('graphe', 'autre')}?token=${theirToken}`,
    }
    const told = await Promise.all(
      Object.entries(tries).map(async ([name, address]) => [name, (await fetch(new URL(address, house.url))).status]),
    )
    expect(told.filter(([, status]) => status !== 403)).toEqual([])
  })

  test('an upload link takes the announced number of bytes for its own document, and a refused one keeps nothing', async () => {
    const { createUpload } = await we.ask<{ createUpload: { url: string; document: { id: string } } }>(
      `mutation { createUpload(input: { filename: "a.txt", size: 5 }) { ... on Upload { url document { id } } } }`,
    )
    const { url, document } = createUpload
    const send = async (address: string, body: string) => {
      const response = await fetch(new URL(address, house.url), { method: 'PUT', body }).catch(() => null)
      return response && [response.status, ((await response.json()) as { code?: string }).code]
    }
    const before = await listBlobs(house)
    expect(await send(url.replace(document.id, theirs), 'aaaaa')).toEqual([403, 'LINK_INVALID'])
    expect(await send(url.replace('/uploads/', '/files/'), 'aaaaa')).toEqual([405, undefined])
    expect(await send(url, 'aaa')).toEqual([400, 'INCOMPLETE'])
    // The server may close the connection before it has read what it does not want.
    expect([null, 413]).toContain((await send(url, 'a'.repeat(100_000)))?.[0] ?? null)
    expect((await listBlobs(house)).filter((path) => !before.includes(path))).toEqual([])
    expect(await send(url, 'abcde')).toEqual([200, undefined])
    expect(await send(url, 'abcde')).toEqual([200, undefined])
    expect(await send(url, 'fghij')).toEqual([409, 'ALREADY_UPLOADED'])
  })
}

async function fileUrl(client: ApiClient, id: string): Promise<string> {
  const { document } = await client.ask<{ document: { fileUrl: string } }>(
    `query ($id: ID!) { document(id: $id) { fileUrl } }`,
    { id },
  )
  return document.fileUrl
}

async function graphUrl(client: ApiClient): Promise<string> {
  const { graphExport } = await client.ask<{ graphExport: { url: string } }>(
    'query { graphExport(format: CSV_NODES) { url } }',
  )
  return graphExport.url
}

async function readFileKey(house: Passerelle): Promise<Uint8Array> {
  const { fileKey } = JSON.parse(await readFile(join(house.data, 'secrets.json'), 'utf8')) as { fileKey: string }
  return Buffer.from(fileKey, 'base64url')
}
