import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Unread, type FailureCode } from './reading.ts'
import { openTestReader, type TestReader } from './testing/open-reader.ts'

interface Odd {
  name: string
  expect: 'text' | 'text_no_exec' | 'open_no_text' | 'password' | 'fail_gracefully' | 'no_hang' | 'any'
  text_chars: number
}

const folder = new URL('../../../../tests/samples/odd-pdfs/', import.meta.url)
const files = readFileSync(new URL('manifest.jsonl', folder), 'utf8')
  .trim()
  .split('\n')
  .map((line): Odd => JSON.parse(line))

// What these files hold comes only from guessing at a cross-reference table that is gone; pdfjs finds other pages than the reference did.
const guessed = new Set(['qpdf__57639.fuzz.pdf'])

let reader: TestReader
beforeAll(async () => (reader = await openTestReader({ extractionStall: 3_000, extraction: 60_000 })))
afterAll(() => reader.close())

async function read(name: string): Promise<{ end: 'READY' | FailureCode; characters: number }> {
  try {
    const { pages } = await reader.readDocument(reader.sample(`odd-pdfs/${name}`))
    return { end: 'READY', characters: pages.reduce((sum, page) => sum + page.text.replaceAll(/\s/g, '').length, 0) }
  } catch (error) {
    if (error instanceof Unread) return { end: error.code, characters: 0 }
    throw error
  }
}

const of = (...kinds: Odd['expect'][]): Odd[] => files.filter((file) => kinds.includes(file.expect))

test.for(of('text', 'text_no_exec').filter(({ name }) => !guessed.has(name)))(
  'the text of $name is read',
  async ({ name, text_chars }) => {
    expect((await read(name)).characters).toBeGreaterThanOrEqual(text_chars * 0.95)
  },
)

test.for(of('password'))('$name asks for a password', async ({ name }) => {
  expect((await read(name)).end).toBe('PASSWORD_REQUIRED')
})

// A picture in it may be recognised; a file that pdfjs cannot mend is unreadable.
test.for(of('open_no_text'))('$name has no text of its own', async ({ name }) => {
  expect(['EMPTY', 'UNREADABLE', 'READY']).toContain((await read(name)).end)
})

test.for(of('fail_gracefully'))('$name ends with a code', async ({ name }) => {
  expect(['EMPTY', 'UNREADABLE']).toContain((await read(name)).end)
})

test.for([...of('no_hang', 'any'), ...files.filter(({ name }) => guessed.has(name))])(
  '$name ends, one way or the other',
  async ({ name }) => {
    expect(['READY', 'EMPTY', 'UNREADABLE', 'TIMED_OUT', 'TOO_MANY_PAGES']).toContain((await read(name)).end)
  },
)
