import { createReadStream, existsSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, normalize } from 'node:path'
import type { Plugin } from 'vite'

const folders = ['cmaps', 'standard_fonts', 'wasm', 'iccs']
const source = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))

/**
 * Serves what pdf.js fetches while it draws (character maps, standard fonts, decoders, colour profiles) from our own origin under
 * `/pdfjs/`, in development and in the build, so that the reader never asks another host.
 */
export function pdfAssets(): Plugin {
  let outDir = 'dist'
  return {
    name: 'passerelle:pdf-assets',
    configResolved(config) {
      outDir = join(config.root, config.build.outDir)
    },
    configureServer(server) {
      server.middlewares.use('/pdfjs', (request, response, next) => {
        const path = normalize(decodeURIComponent((request.url ?? '').split('?')[0] ?? ''))
        const file = join(source, path)
        const known = folders.some((folder) => path.startsWith(`/${folder}/`))
        if (!known || !existsSync(file)) return next()
        if (file.endsWith('.wasm')) response.setHeader('content-type', 'application/wasm')
        if (file.endsWith('.js')) response.setHeader('content-type', 'text/javascript')
        createReadStream(file).pipe(response)
      })
    },
    async writeBundle() {
      await Promise.all(
        folders.map((folder) => cp(join(source, folder), join(outDir, 'pdfjs', folder), { recursive: true })),
      )
    },
  }
}
