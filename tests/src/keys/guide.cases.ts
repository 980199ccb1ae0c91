import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signUp } from '../client.ts'
import type { Passerelle } from '../passerelle.ts'
import { makeKey } from './make-key.ts'

const guideOf = (language: '' | '.fr'): URL =>
  new URL(`../../../docs/partner-quick-start${language}.md`, import.meta.url)
const run = promisify(execFile)

interface Block {
  language: string
  text: string
  /** The heading that it stands under. */
  heading: string
}

/** The quick start for partners, followed to the letter. */
export async function guideCases(house: Passerelle): Promise<void> {
  const blocks = readBlocks(await readFile(guideOf(''), 'utf8'))
  let folder = ''
  let token = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-guide-'))
    const owner = await signUp(house.url)
    token = (await makeKey(owner, { url: house.url, kind: 'PARTNER' })).token
    for (let count = 0; count < 60; count++)
      await owner.ask(`mutation ($input: CreateShipmentInput!) { createShipment(input: $input) { __typename } }`, {
        input: { trackingNumber: `7B${String(count).padStart(11, '0')}`, reference: `Lot ${count}` },
      })
    await owner.ask(`mutation { createShipment(input: { trackingNumber: "6A12345678901" }) { __typename } }`)
    await installNpm(folder)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('the French guide has the same commands', async () => {
    const french = readBlocks(await readFile(guideOf('.fr'), 'utf8'))
    expect(french.map(({ text }) => text)).toEqual(blocks.map(({ text }) => text))
  })

  test('every command of the partner quick start does what stands there', async () => {
    const outputs = await follow(blocks, { folder, url: house.url, token })
    const compared = blocks.flatMap((block, index) => {
      const output = outputs.get(index - 1)
      return block.language === 'json' && output !== undefined
        ? [[block.heading, formOf(lastOf(readJsons(output), readJsons(block.text))), formOf(readJsons(block.text))]]
        : []
    })
    expect(compared.length).toBeGreaterThan(6)
    for (const [heading, is, told] of compared) expect([heading, is]).toEqual([heading, told])
    const shipments = outputs.get(blocks.findIndex(({ text }) => text.startsWith('after=null'))) ?? ''
    expect(shipments.trim().split('\n').length).toBe(61)
    const fields = outputs.get(blocks.findIndex(({ text }) => text.includes('__schema'))) ?? ''
    expect(fields).toContain('shipments — Shipments (`record:read`), the newest first.')
    const found = outputs.get(blocks.findIndex(({ text }) => text.includes('search(query'))) ?? ''
    expect(found).toContain('<em>livraison</em>')
  })
}

/** The code of the guide, in order. */
function readBlocks(guide: string): Block[] {
  const blocks: Block[] = []
  let heading = ''
  for (const [, title, language, text] of guide.matchAll(/^## (.+)$|^```(\w+)\n([\s\S]*?)^```$/gm)) {
    if (title !== undefined) heading = title
    else blocks.push({ language: language ?? '', text: text ?? '', heading })
  }
  return blocks
}

/** Runs the commands in one shell, with the given address and key for those of the guide; what each block printed, by its place. */
async function follow(
  blocks: readonly Block[],
  { folder, url, token }: { folder: string; url: string; token: string },
): Promise<Map<number, string>> {
  for (const { language, text } of blocks)
    if (language === 'js') await writeFile(join(folder, /^\/\/ (\S+)$/m.exec(text)?.[1] ?? ''), text)
  const script = blocks.map(({ language, text }, index) =>
    language === 'sh' ? `exec > ${index}.out\n${withOwn(text, { url, token })}` : '',
  )
  await writeFile(join(folder, 'guide.sh'), `set -eu -o pipefail\n${script.join('\n')}`)
  const { PATH = '', HOME = '' } = process.env
  const path = `${join(folder, 'bin')}:${dirname(process.execPath)}:${PATH}`
  await run('bash', ['guide.sh'], { cwd: folder, env: { PATH: path, HOME }, timeout: 240_000 })
  const printed = blocks.map(async ({ language }, index) =>
    language === 'sh' ? ([[index, await readFile(join(folder, `${index}.out`), 'utf8')]] as const) : [],
  )
  return new Map((await Promise.all(printed)).flat())
}

function withOwn(text: string, { url, token }: { url: string; token: string }): string {
  return text
    .replace(/^export PASSERELLE_URL=.*$/m, `export PASSERELLE_URL=${url}`)
    .replace(/^export PASSERELLE_KEY=.*$/m, `export PASSERELLE_KEY=${token}`)
}

/** An npm that takes what it installs from this repository. */
async function installNpm(folder: string): Promise<void> {
  const packages = dirname(dirname(createRequire(import.meta.url).resolve('graphql-ws/package.json')))
  await mkdir(join(folder, 'bin'))
  await mkdir(join(folder, 'node_modules'))
  await writeFile(
    join(folder, 'bin/npm'),
    `#!/bin/sh\n[ "$1" = install ] || exit 1\nln -s "${packages}/$2" "node_modules/$2"\n`,
    { mode: 0o755 },
  )
  const graphql = dirname(createRequire(import.meta.url).resolve('graphql/package.json'))
  await symlink(graphql, join(folder, 'node_modules/graphql'))
}

function readJsons(text: string): unknown[] {
  const found: unknown[] = []
  let open = ''
  for (const line of text.trim().split('\n')) {
    open += line
    try {
      found.push(JSON.parse(open))
      open = ''
    } catch {
      open += '\n'
    }
  }
  return open.trim() ? [...found, open] : found
}

/** As many of what was printed, from its end, as the guide shows. */
function lastOf(printed: unknown[], shown: readonly unknown[]): unknown[] {
  return printed.slice(-shown.length)
}

/** What is promised of an answer: its fields, and the kinds of their values; of words that are no names the words themselves. */
function formOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.every((each) => typeof each !== 'object') ? value : value.map(formOf)
  if (typeof value === 'string') return /^[A-Z_]{3,}$|^[\w-]+:[\w-]+$/.test(value) ? value : 'text'
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      Array.isArray(each) && each.length > 0 && typeof each[0] === 'string' ? each : formOf(each),
    ]),
  )
}
