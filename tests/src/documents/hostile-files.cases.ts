import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { finalStages, settled, signUp, type ApiClient } from '../client.ts'
import { surprises, type Passerelle } from '../passerelle.ts'
import { makeHostileFiles } from './hostile-files.ts'

const samples = new URL('../../samples/', import.meta.url)
// Every folder of PDFs can be tried by hand: the long form of this test.
const oddFolder = process.env.PASSERELLE_TEST_PDFS
const codes = [
  'PASSWORD_REQUIRED',
  'UNREADABLE',
  'UNSUPPORTED_TYPE',
  'TOO_LARGE',
  'TOO_MANY_PAGES',
  'TIMED_OUT',
  'EMPTY',
]

/** Files that are damaged or mean harm: each ends, with its text or with a reason, and nobody else notices. */
export function hostileFileCases(house: Passerelle): void {
  let client: ApiClient
  beforeAll(async () => {
    client = await signUp(house.url)
  })

  test('every hostile file ends READY or FAILED with the code of what is wrong with it, while the API goes on answering', async () => {
    const files = makeHostileFiles(await readFile(new URL('business/docfr-facture-00.pdf', samples)))
    const names = new Map<string, string>()
    for (const { name, bytes } of files) names.set(await client.upload(name, bytes), name)
    expect(names.size).toBe(files.length)
    const states = await whileAnswering(client, () => settled(client))
    const ends = new Map(states.map(({ id, status }) => [names.get(id), status.error?.code ?? status.stage]))
    expect(
      files
        .filter(({ name, ends: allowed }) => !allowed.includes(ends.get(name) ?? ''))
        .map(({ name }) => `${name}: ${ends.get(name)}`),
    ).toEqual([])
    expect(states.length).toBeGreaterThan(files.length + 50)
  })

  test('names are shown without what they try, and never lead anywhere', async () => {
    const { documents } = await client.ask<{ documents: { nodes: { filename: string; fileUrl: string }[] } }>(
      '{ documents(first: 100, orderBy: CREATED_ASC) { nodes { filename fileUrl } } }',
    )
    const names = documents.nodes.map(({ filename }) => filename)
    expect(names.filter((name) => /[/\\\p{Cc}]/u.test(name) || name.length > 255 || name === '')).toEqual([])
    const rude = documents.nodes.find(({ filename }) => filename.startsWith('<img'))
    const response = await fetch(new URL(rude?.fileUrl ?? '', house.url))
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename*=UTF-8''${encodeURIComponent(rude?.filename ?? '')}`,
    )
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('odd and broken PDFs end READY or FAILED with a stable code, and encrypted ones ask for their password', async () => {
    const folder = oddFolder ?? new URL('odd-pdfs/', samples).pathname
    const files = (await readdir(folder)).filter((name) => name.endsWith('.pdf') && (oddFolder || isQuick(name)))
    const other = await signUp(house.url)
    const names = new Map<string, string>()
    for (const name of files) names.set(await other.upload(name, await readFile(join(folder, name))), name)
    const states = await settled(other, files.length * 60_000)
    const ends = states.map(({ id, status }) => ({
      name: names.get(id) ?? '',
      stage: status.stage,
      code: status.error?.code ?? null,
    }))
    expect(
      ends.filter(
        ({ stage, code }) => !finalStages.includes(stage) || (stage === 'FAILED' && !codes.includes(code ?? '')),
      ),
    ).toEqual([])
    const locked = ends.filter(({ name }) => /enc_.*user|aes-\d+(-m|-r\d)?\.pdf|encrypted/.test(name))
    expect(locked.filter(({ code }) => code !== 'PASSWORD_REQUIRED')).toEqual([])
    expect(locked.length).toBeGreaterThan(5)
  })

  test('nothing of this was a surprise to the log', () => {
    expect(surprises(house)).toEqual([])
  })
}

/** The one that counts to half a million takes its whole time to be given up. */
function isQuick(name: string): boolean {
  return !/content_q_500k|ccitt|1biticc|aquamarine/.test(name)
}

/** Runs `work` while somebody else keeps asking; fails when an answer fails. */
async function whileAnswering<Result>(client: ApiClient, work: () => Promise<Result>): Promise<Result> {
  let running = true
  const asking = (async () => {
    while (running) {
      await client.ask('{ viewer { user { name } } }')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })()
  const result = await work()
  running = false
  await asking
  return result
}
