import { open, readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Sealing } from '../sealing/sealing.ts'
import { replaceFile, syncFolder, whileLocked } from './kept-file.ts'
import { erasureChoices, type ErasureChoice } from './privacy.ts'
import type { Subject } from './subject.ts'

/**
 * The list of what was erased, outside the database: one that is put back from an older backup has it again, and is erased again by this list before it
 * serves. Whom an entry is about is wrapped by the master key, and by nothing that lies in a database.
 */
export interface ErasureLedger {
  /** On disk when it resolves; an entry under the same id is kept once. */
  add(entry: ErasureEntry): Promise<void>
  /** In the order in which they were added. Throws MasterKeyMissing when they cannot be opened. */
  list(): Promise<ErasureEntry[]>
  /** Wraps every entry with the master key that wraps now, those too that are added meanwhile; answers how many. */
  rewrap(): Promise<number>
}

export interface ErasureEntry {
  id: string
  organizationId: string
  kind: 'PERSON' | 'ORGANIZATION'
  /** Null for an organisation. */
  subject: Subject | null
  choice: ErasureChoice | null
  at: Date
}

const list = z.array(z.string())
const subject = z.object({
  userId: z.string().nullable(),
  emails: list,
  phones: list,
  names: list,
  entityIds: list,
})
const line = z.object({
  id: z.string(),
  organizationId: z.string(),
  kind: z.enum(['PERSON', 'ORGANIZATION']),
  subject: z.string().nullable(),
  choice: z.enum(erasureChoices).nullable(),
  at: z.coerce.date(),
})
type Line = z.output<typeof line>

/** The list in a file, an entry a line. Processes that share the file, on one machine or several, change it one after the other. */
export function openErasureLedger({ file, sealing }: { file: string; sealing: Sealing }): ErasureLedger {
  const wrap = async (entry: ErasureEntry): Promise<Line> => ({
    ...entry,
    subject: entry.subject && (await sealing.protect(JSON.stringify(entry.subject), entry.id)),
  })
  const unwrap = async (kept: Line): Promise<ErasureEntry> => ({
    ...kept,
    subject: kept.subject === null ? null : subject.parse(JSON.parse(await sealing.reveal(kept.subject, kept.id))),
  })
  return {
    async add(entry) {
      const added = await wrap(entry)
      await whileLocked(file, async (held) => {
        if ((await readLines(file)).some(({ id }) => id === entry.id)) return
        await held()
        await appendLine(file, added)
      })
    },
    list: async () => Promise.all((await readLines(file)).map(unwrap)),
    async rewrap() {
      const wrapped = new Map<string, Line>()
      const wrapAll = async (lines: readonly Line[]): Promise<void> => {
        const anew = lines.filter(({ id }) => !wrapped.has(id)).map(async (one) => wrap(await unwrap(one)))
        for (const one of await Promise.all(anew)) wrapped.set(one.id, one)
      }
      // A key server takes its time: whoever adds an entry waits for those alone that came meanwhile.
      await wrapAll(await readLines(file))
      return whileLocked(file, async (held) => {
        const kept = await readLines(file)
        await wrapAll(kept)
        await held()
        if (kept.length > 0)
          await writeLines(
            file,
            kept.flatMap(({ id }) => wrapped.get(id) ?? []),
          )
        return kept.length
      })
    },
  }
}

/** Puts the entries of one file behind those of another that has not got them; answers how many. */
export async function mergeLedgers(from: string, into: string): Promise<number> {
  return whileLocked(into, async (held) => {
    const known = await readLines(into)
    const missing = (await readLines(from)).filter(({ id }) => !known.some((one) => one.id === id))
    await held()
    if (missing.length > 0) await writeLines(into, [...known, ...missing])
    return missing.length
  })
}

async function readLines(file: string): Promise<Line[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const lines = text.split('\n').filter(Boolean)
  const read = new Map<string, Line>()
  for (const each of lines) {
    // A line that a power cut left half written was never acted upon: an erasure begins with its entry.
    if (!each.endsWith('}')) continue
    const parsed = line.parse(JSON.parse(each))
    if (!read.has(parsed.id)) read.set(parsed.id, parsed)
  }
  return [...read.values()]
}

async function appendLine(file: string, kept: Line): Promise<void> {
  const handle = await open(file, 'a', 0o600)
  try {
    // Whatever stands there unfinished stays on a line of its own.
    await handle.writeFile(`\n${JSON.stringify(kept)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await syncFolder(file)
}

function writeLines(file: string, kept: readonly Line[]): Promise<void> {
  return replaceFile(file, kept.map((one) => `${JSON.stringify(one)}\n`).join(''))
}
