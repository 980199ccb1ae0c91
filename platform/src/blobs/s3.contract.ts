import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { createLog } from '../log/log.ts'
import { describeBlobs, type BlobStore } from './blobs.cases.ts'
import { toS3Place } from './s3-address.ts'
import { startTestS3, testCredentials as credentials } from './s3.testing.ts'
import { openS3Blobs } from './s3.ts'

const log = createLog({ name: 'test', level: 'silent' })

async function prepare(): Promise<BlobStore> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-s3-'))
  const server = await startTestS3({ folder: join(folder, 'server'), bucket: 'papers' })
  const place = toS3Place(`s3://papers/house?endpoint=${server.endpoint}`)
  const client = new S3Client({ endpoint: server.endpoint, region: place.region, forcePathStyle: true, credentials })
  return {
    open: () => openS3Blobs({ ...place, credentials, folder: join(folder, 'spool'), log }),
    async count() {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: place.bucket }))
      return Contents.length + (await server.uploads()).length + (await readdir(join(folder, 'spool'))).length
    },
    async destroy() {
      client.destroy()
      await server.close()
      await rm(folder, { recursive: true })
    },
  }
}

describeBlobs('a bucket of S3', prepare)
