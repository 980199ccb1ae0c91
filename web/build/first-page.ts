import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** What the budget needs to know of a built chunk. */
export interface BuiltChunk {
  fileName: string
  facadeModuleId: string | null
  code: string
  imports: string[]
}

export interface FirstPage {
  name: string
  /** Endings of the modules a browser loads for this page: the entry, and what it imports on the way there. */
  modules: string[]
}

/**
 * The script of a page in bytes after gzip: its chunks and all they import. Throws when a module has no chunk of its own, because
 * then the sum would be wrong without anyone seeing it.
 */
export function scriptSize(chunks: readonly BuiltChunk[], { name, modules }: FirstPage): number {
  const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const loaded = new Set<BuiltChunk>()
  const load = (chunk: BuiltChunk | undefined): void => {
    if (!chunk || loaded.has(chunk)) return
    loaded.add(chunk)
    for (const file of chunk.imports) load(byFile.get(file))
  }
  for (const module of modules) {
    const chunk = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(module))
    if (!chunk) throw new Error(`${name}: ${module} is in no chunk of its own`)
    load(chunk)
  }
  return [...loaded].reduce((sum, { code }) => sum + gzipSync(code).length, 0)
}

/** Fails the build when a first page has more script than `maxBytes` after gzip, and says what each has. */
export function firstPageBudget({ pages, maxBytes }: { pages: readonly FirstPage[]; maxBytes: number }): Plugin {
  return {
    name: 'passerelle:first-page-budget',
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((output) => output.type === 'chunk')
      for (const page of pages) {
        const size = scriptSize(chunks, page)
        const text = `${page.name}: ${(size / 1000).toFixed(0)} kB of script (gzip), at most ${maxBytes / 1000}`
        if (size > maxBytes) this.error(text)
        this.info(text)
      }
    },
  }
}
