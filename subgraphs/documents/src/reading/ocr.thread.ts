// The thread in which tesseract works: its own worker script, but its language data come from the installed packages and it
// has no way to the network.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { gunzipSync } from 'node:zlib'

interface WorkerScript {
  dispatchHandlers(packet: unknown, send: (message: unknown) => void): void
  setAdapter(adapter: Record<string, unknown>): void
}

const require = createRequire(import.meta.url)
const script: WorkerScript = require('tesseract.js/src/worker-script')
const getCore: unknown = require('tesseract.js/src/worker-script/node/getCore')
const editions: Record<string, string> = { osd: '4.0.0' }

/** `…/fra.traineddata.gz`, wherever it is asked for, is the file of the package that brings French. */
function readLanguage(path: string): Promise<Buffer> {
  const language = basename(path).split('.')[0] ?? ''
  const folder = dirname(require.resolve(`@tesseract.js-data/${language}/package.json`))
  return readFile(join(folder, editions[language] ?? '4.0.0_best_int', `${language}.traineddata.gz`))
}

script.setAdapter({ getCore, gunzip: gunzipSync, readCache: readLanguage })
parentPort?.on('message', (packet) => script.dispatchHandlers(packet, (message) => parentPort?.postMessage(message)))
