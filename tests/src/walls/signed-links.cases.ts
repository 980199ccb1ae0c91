import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { signUrl, type UrlClaims } from '@passerelle/platform/blobs/signed-url'
import { beforeAll, expect, test, vi } from 'vitest'
import { signUp, type ApiClient } from '../client.ts'
import type { Passerelle } from '../passerelle.ts'

/** Every kind of link that the house gives, by name. */
type Links = Record<string, string>

/** What all links have in common, whatever they lead to: files, graphs, logs, statements and archives. */
export function signedLinkCases(house: Passerelle): void {
  let ours: Links
  let theirs: Links
  beforeAll(async () => {
    const [we, they] = await Promise.all([signUp(house.url), signUp(house.url)])
    ;[ours, theirs] = await Promise.all([linksOf(we), linksOf(they)])
  })
  const statusOf = async (address: string) => (await fetch(new URL(address, house.url))).status

  test('each opens what it is for, and the token of none of them opens what another is for', async () => {
    expect(await told(Object.entries(ours), statusOf)).toEqual(Object.keys(ours).map((name) => [name, 200]))
    const all = [...Object.entries(ours), ...Object.entries(theirs).map(([name, url]) => [`their ${name}`, url])]
    const swapped = all.flatMap(([name = '', url = '']) =>
      all
        .filter(([, other = '']) => pathOf(other) !== pathOf(url))
        .map(([other = '', from = '']): [string, string] => [
          `${name} by ${other}`,
          `${pathOf(url)}?token=${tokenOf(from)}`,
        ]),
    )
    expect(swapped.length).toBeGreaterThan(80)
    expect((await told(swapped, statusOf)).filter(([, status]) => status !== 403)).toEqual([])
  })

  test('none opens once anything in it is changed, or says more than the house would say', async () => {
    const { fileKey } = JSON.parse(await readFile(join(house.data, 'secrets.json'), 'utf8')) as { fileKey: string }
    const key = Buffer.from(fileKey, 'base64url')
    const tries = Object.entries(ours).flatMap(([name, url]) => {
      const path = pathOf(url)
      const [body = '', seal = ''] = tokenOf(url).split('.')
      const { claims, expiresAt } = JSON.parse(Buffer.from(body, 'base64url').toString()) as Opened
      const their = (
        JSON.parse(Buffer.from(tokenOf(theirs[name] ?? '').split('.')[0] ?? '', 'base64url').toString()) as Opened
      ).claims
      const changed = Object.entries(variants({ claims, expiresAt }, their)).map(([what, token]): [string, string] => [
        `${name}, ${what}`,
        `${path}?token=${encode(token)}.${seal}`,
      ])
      const over = signUrl({ key, path, claims, expiresAt: new Date(Date.now() - 1_000) })
      const others = [
        [`${name}, no token`, path],
        [`${name}, empty`, `${path}?token=`],
        [`${name}, another name`, `${path}?Token=${tokenOf(url)}`],
        [`${name}, no seal`, `${path}?token=${body}`],
        [`${name}, three parts`, `${path}?token=${body}.${seal}.${seal}`],
        [`${name}, a longer path`, `${path}/x?token=${tokenOf(url)}`],
        [`${name}, a path that climbs`, `${path}%2f..%2fx?token=${tokenOf(url)}`],
        [`${name}, over since a second`, over],
      ] satisfies [string, string][]
      return [...changed, ...others]
    })
    expect((await told(tries, statusOf)).filter(([, status]) => status !== 403 && status !== 404)).toEqual([])
  })
}

interface Opened {
  claims: UrlClaims
  expiresAt: number
}

/** The token with each of its values replaced by what somebody would like it to be. */
function variants({ claims, expiresAt }: Opened, their: UrlClaims): Record<string, object> {
  const otherClaims = Object.fromEntries(
    Object.entries(claims).map(([name, value]) => {
      const theirs: unknown = Reflect.get(their, name)
      return [name, { claims: { ...claims, [name]: theirs === value ? 'other' : theirs }, expiresAt }]
    }),
  )
  return {
    ...otherClaims,
    later: { claims, expiresAt: expiresAt + 1 },
    forUpload: { claims: { ...claims, purpose: 'upload' }, expiresAt },
    more: { claims: { ...claims, admin: true }, expiresAt },
    theirs: { claims: their, expiresAt },
  }
}

const encode = (token: object): string => Buffer.from(JSON.stringify(token)).toString('base64url')
const pathOf = (url: string): string => url.split('?')[0] ?? ''
const tokenOf = (url: string): string => url.split('?token=')[1] ?? ''

async function told(
  tries: readonly (readonly [string, string])[],
  statusOf: (address: string) => Promise<number>,
): Promise<[string, number][]> {
  const statuses: [string, number][] = []
  for (const [name, address] of tries) statuses.push([name, await statusOf(address)])
  return statuses
}

async function linksOf(client: ApiClient): Promise<Links> {
  const id = await client.upload('page.txt', Buffer.from('Une page.'))
  const [month] = new Date().toISOString().match(/^\d{4}-\d\d/) ?? []
  await client.ask(`mutation { exportPersonalData(subject: { emails: ["marie@exemple.fr"] }) { __typename } }`)
  const data = await client.ask<{
    document: { fileUrl: string }
    nodes: { url: string }
    edges: { url: string }
  }>(
    `query ($id: ID!) { document(id: $id) { fileUrl } nodes: graphExport(format: CSV_NODES) { url } edges: graphExport(format: CSV_EDGES) { url } }`,
    { id },
  )
  const made = await client.ask<{
    log: { url: string }
    lines: { url: string }
    statement: { csvUrl: string; pdfUrl: string }
  }>(
    `mutation ($month: String!) {
      log: exportAuditLog(format: CSV) { ... on AuditExport { url } } lines: exportAuditLog(format: JSONL) { ... on AuditExport { url } }
      statement: exportUsageStatement(month: $month) { ... on UsageStatement { csvUrl pdfUrl } } }`,
    { month },
  )
  return {
    file: data.document.fileUrl,
    nodes: data.nodes.url,
    edges: data.edges.url,
    log: made.log.url,
    lines: made.lines.url,
    csv: made.statement.csvUrl,
    pdf: made.statement.pdfUrl,
    archive: await archiveOf(client),
  }
}

/** The archive of what is known of somebody, once it is there. */
function archiveOf(client: ApiClient): Promise<string> {
  return vi.waitUntil(async () => {
    const { privacyRequests } = await client.ask<{ privacyRequests: { nodes: { archiveUrl: string | null }[] } }>(
      '{ privacyRequests { nodes { archiveUrl } } }',
    )
    return privacyRequests.nodes[0]?.archiveUrl ?? ''
  })
}
