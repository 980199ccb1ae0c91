import { openPromise, type Entry, type ZipFile } from 'yauzl'
import { Unread } from './failure.ts'

const MAX_ENTRIES = 2_000
const MAX_ENTRY = 100_000_000
const MAX_TOTAL = 300_000_000
const MAX_RATIO = 200
const RATIO_FROM = 1_000_000

/**
 * Looks through a zip file before anything unpacks it and returns the text of the entries that `wanted` names, in order of their names.
 * Throws Unread: UNREADABLE when it is damaged, PASSWORD_REQUIRED when it is locked, TOO_LARGE when it would unpack to more than it should.
 */
export async function inspectZip(path: string, wanted: RegExp): Promise<string[]> {
  const zip = await openPromise(path, { autoClose: false }).catch((error: unknown) => {
    throw new Unread('UNREADABLE', `the file is damaged: ${error instanceof Error ? error.message : String(error)}`)
  })
  try {
    const entries = await listEntries(zip)
    const found = entries
      .filter((entry) => wanted.test(entry.fileName))
      .sort((a, b) => a.fileName.localeCompare(b.fileName))
    const texts: string[] = []
    for (const entry of found) texts.push(await readEntry(zip, entry))
    return texts
  } finally {
    zip.close()
  }
}

async function listEntries(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = []
  let total = 0
  for await (const entry of zip.eachEntry()) {
    entries.push(entry)
    total += entry.uncompressedSize
    if (entry.isEncrypted()) throw new Unread('PASSWORD_REQUIRED', 'the file is locked with a password')
    const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize)
    const isBomb = entry.uncompressedSize > RATIO_FROM && ratio > MAX_RATIO
    if (entries.length > MAX_ENTRIES || entry.uncompressedSize > MAX_ENTRY || total > MAX_TOTAL || isBomb) {
      throw new Unread('TOO_LARGE', 'the file unpacks to more than can be read')
    }
  }
  return entries
}

async function readEntry(zip: ZipFile, entry: Entry): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}
