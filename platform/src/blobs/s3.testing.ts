import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import S3rver from 's3rver'

export const testCredentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }

export interface TestS3 {
  endpoint: string
  /** The pieces of unfinished uploads, by upload. */
  uploads(): Promise<string[]>
  /** Makes every unfinished upload as old as that. */
  ageUploads(since: Date): Promise<void>
  close(): Promise<void>
}

/**
 * An S3 server with one bucket in a folder. It is s3rver, and what s3rver has not: the list of unfinished uploads, their end, and a range of the first byte. `before` may
 * answer a request in its place.
 */
export async function startTestS3({
  folder,
  bucket,
  before = () => false,
}: {
  folder: string
  bucket: string
  before?: (request: IncomingMessage, response: ServerResponse) => boolean
}): Promise<TestS3> {
  const inner = new S3rver({ directory: folder, silent: true, configureBuckets: [{ name: bucket }] })
  await inner.configureBuckets()
  const getObject = inner.store.getObject.bind(inner.store)
  // s3rver takes an end of 0 for none at all; as a text it is not overlooked.
  inner.store.getObject = (name, key, range) => getObject(name, key, range?.end === 0 ? { ...range, end: '0' } : range)
  const handle = inner.callback()
  const pieces = join(folder, bucket, '._S3rver_uploads')
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://s3')
    const upload = url.searchParams.get('uploadId')
    if (before(request, response)) return
    if (request.method === 'GET' && url.searchParams.has('uploads')) void list(pieces, response)
    else if (request.method === 'DELETE' && upload) void end(join(pieces, upload), response)
    else handle(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const names = () => readdir(pieces).catch(() => [])
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    uploads: names,
    async ageUploads(since) {
      for (const name of await names()) await utimes(join(pieces, name), since, since)
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function list(pieces: string, response: ServerResponse): Promise<void> {
  await mkdir(pieces, { recursive: true })
  const uploads = await Promise.all(
    (await readdir(pieces)).map(async (id) => {
      const [key, { mtime }] = await Promise.all([readFile(join(pieces, id, 'key'), 'utf8'), stat(join(pieces, id))])
      return `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${mtime.toISOString()}</Initiated></Upload>`
    }),
  )
  response.setHeader('content-type', 'application/xml')
  response.end(
    `<?xml version="1.0"?><ListMultipartUploadsResult><IsTruncated>false</IsTruncated>${uploads.join('')}</ListMultipartUploadsResult>`,
  )
}

async function end(upload: string, response: ServerResponse): Promise<void> {
  await rm(upload, { recursive: true, force: true })
  response.writeHead(204).end()
}
