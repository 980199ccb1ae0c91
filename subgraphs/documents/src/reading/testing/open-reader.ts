import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openSandbox } from '@passerelle/platform/sandbox'
import { createReader, type Reader, type ReadingLimits, type SourceFile } from '../reading.ts'

const samples = fileURLToPath(new URL('../../../../../tests/samples/', import.meta.url))

/** A reader on a sandbox of its own, and files for it: samples by their name under tests/samples, or bytes made by the test. */
export interface TestReader extends Reader {
  sample(name: string): SourceFile
  file(filename: string, bytes: Uint8Array | string): Promise<SourceFile>
  close(): Promise<void>
}

/** Opens a reader for a test file; `close` leaves no process and no file behind. */
export async function openTestReader(limits: Partial<ReadingLimits> = {}): Promise<TestReader> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-reading-'))
  const sandbox = openSandbox({ size: 2 })
  return {
    ...createReader(sandbox, limits),
    sample: (name) => ({ path: join(samples, name), filename: basename(name) }),
    file: async (filename, bytes) => {
      const path = join(folder, filename)
      await writeFile(path, bytes)
      return { path, filename }
    },
    close: async () => {
      await sandbox.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** All text of a document's pages in one line, for looking values up. */
export function flatten(pages: { text: string }[]): string {
  return pages.map((page) => page.text.replaceAll(/\s+/g, ' ')).join(' ')
}
